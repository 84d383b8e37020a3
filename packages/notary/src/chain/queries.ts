import {
  QueryMemberSetsRequestSchema,
  QueryMemberSetsResponseSchema,
  QueryMembersRequestSchema,
  QueryMembersResponseSchema,
} from "./generated/stateset/members/v1/query_pb.js";
import {
  QueryBlockRequestSchema,
  QueryBlockResponseSchema,
  QueryPlacesRequestSchema,
  QueryPlacesResponseSchema,
  QueryTipRequestSchema,
  QueryTipResponseSchema,
} from "./generated/stateset/notary/v1/query_pb.js";

const NOTARY = "/stateset.notary.v1.Query";
const MEMBERS = "/stateset.members.v1.Query";

export const TIP = {
  path: `${NOTARY}/Tip`,
  asked: QueryTipRequestSchema,
  told: QueryTipResponseSchema,
};

export const BLOCK = {
  path: `${NOTARY}/Block`,
  asked: QueryBlockRequestSchema,
  told: QueryBlockResponseSchema,
};

export const PLACES = {
  path: `${NOTARY}/Places`,
  asked: QueryPlacesRequestSchema,
  told: QueryPlacesResponseSchema,
};

export const MEMBER_SETS = {
  path: `${MEMBERS}/MemberSets`,
  asked: QueryMemberSetsRequestSchema,
  told: QueryMemberSetsResponseSchema,
};

export const MEMBERS_NOW = {
  path: `${MEMBERS}/Members`,
  asked: QueryMembersRequestSchema,
  told: QueryMembersResponseSchema,
};
