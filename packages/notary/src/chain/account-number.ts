import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { ChainError } from "./chain-error.ts";
import type { MemberRpc } from "./member-rpc.ts";
import { bytesField, numberField, readFields } from "./protobuf-fields.ts";

const PATH = "/cosmos.auth.v1beta1.Query/AccountInfo";
const ADDRESS_FIELD = 1;
const INFO_FIELD = 1;
const ACCOUNT_NUMBER_FIELD = 3;
const FIELDS_MAX = 16;

/** @throws ChainError `chain/unknown-account` where the chain has no such account */
export async function accountNumberOf(rpc: MemberRpc, address: string): Promise<bigint> {
  const question = new BinaryWriter().uint32((ADDRESS_FIELD << 3) | 2).string(address);
  try {
    const told = await rpc.queryBytes(PATH, question.finish());
    const info = bytesField(readFields(told, FIELDS_MAX), INFO_FIELD);
    if (info !== undefined) return numberField(readFields(info, FIELDS_MAX), ACCOUNT_NUMBER_FIELD);
  } catch (cause) {
    if (cause instanceof ChainError && cause.code !== "chain/refused") throw cause;
    throw new ChainError({ code: "chain/unknown-account", address }, { cause });
  }
  throw new ChainError({ code: "chain/unknown-account", address });
}
