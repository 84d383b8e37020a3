import { AccessError } from "./access-error.ts";
import { mayDo, type Right, type Role, rolesWith } from "./role.ts";

/** The claim that names the flows of a `user`: exact names, or `<app>/*` for all of an app. */
export const ALLOWED_FLOWS_CLAIM = "x-hasura-allowed-flows";

/** Who makes a request, in the role that counts for it. */
export type Caller = {
  readonly user: string;
  readonly role: Role;
  readonly allowedFlows: readonly string[];
};

/** @throws AccessError `access/forbidden` that names the roles it takes */
export function assertMayDo({ role }: Caller, right: Right): void {
  if (mayDo(role, right)) return;
  throw new AccessError({ code: "access/forbidden", role, needs: rolesWith(right) });
}

/** @throws AccessError `access/forbidden`, `access/flow-not-allowed` */
export function assertMayStart(caller: Caller, flow: string): void {
  const { role, allowedFlows } = caller;
  assertMayDo(caller, "start");
  if (mayDo(role, "start-any")) return;
  const app = `${flow.split("/")[0]}/*`;
  if (allowedFlows.includes(flow) || allowedFlows.includes(app)) return;
  throw new AccessError({
    code: "access/flow-not-allowed",
    role,
    flow,
    claim: ALLOWED_FLOWS_CLAIM,
  });
}
