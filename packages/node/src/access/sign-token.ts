import { SignJWT } from "jose";
import { ALLOWED_FLOWS_CLAIM } from "./caller.ts";
import type { Role } from "./role.ts";
import { CLAIMS_NAMESPACE } from "./token-verifier.ts";

export type TokenContent = {
  user: string;
  /** The first one is the default. */
  roles: readonly [Role, ...Role[]];
  /** The flows that the role `user` may start. */
  allowedFlows?: readonly string[];
  lifetimeSeconds: number;
};

/** A token as a node on a development network accepts it: signed with the node's own secret. */
export function signToken(hs256Secret: Uint8Array, content: TokenContent): Promise<string> {
  const { user, roles, allowedFlows, lifetimeSeconds } = content;
  return new SignJWT({
    sub: user,
    [CLAIMS_NAMESPACE]: {
      "x-hasura-user-id": user,
      "x-hasura-allowed-roles": roles,
      "x-hasura-default-role": roles[0],
      ...(allowedFlows && { [ALLOWED_FLOWS_CLAIM]: allowedFlows }),
    },
  })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuedAt()
    .setExpirationTime(`${lifetimeSeconds} s`)
    .sign(hs256Secret);
}
