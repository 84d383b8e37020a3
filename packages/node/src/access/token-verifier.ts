import { createSecretKey, type KeyObject } from "node:crypto";
import type { Clock } from "@stateset/flow";
import { errors, type JWTPayload, jwtVerify } from "jose";
import { AccessError, type AccessFault } from "./access-error.ts";
import { ALLOWED_FLOWS_CLAIM, type Caller } from "./caller.ts";
import { isRole, type Role } from "./role.ts";

/** Hasura's namespace, so that tokens made for its clients work here. */
export const CLAIMS_NAMESPACE = "https://hasura.io/jwt/claims";
/** Between machines whose clocks differ. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** A longer token is not one of ours, and hashing it would be the sender's to ask for. */
const TOKEN_CHARACTERS_MAX = 8192;
/** Users of one node; each entry takes some 2 KB. */
const CACHED_TOKENS_MAX = 1000;
const ALLOWED_FLOWS_MAX = 1000;

type Verified = {
  expiresAtMs: number;
  user: string;
  roles: readonly Role[];
  defaultRole: Role;
  allowedFlows: readonly string[];
  /** A caller for each role, made once. */
  callers: Map<Role, Caller>;
};

/**
 * Knows callers by their tokens: JWT signed with HS256, with Hasura's claims. A token that was
 * verified is remembered until it expires, because a signature costs more than most requests.
 */
export class TokenVerifier {
  readonly #key: KeyObject;
  readonly #clock: Pick<Clock, "now">;
  readonly #cache = new Map<string, Verified>();

  constructor(options: { hs256Secret: Uint8Array; clock: Pick<Clock, "now"> }) {
    this.#key = createSecretKey(options.hs256Secret);
    this.#clock = options.clock;
  }

  /**
   * @param authorization the header `Authorization`
   * @param roleHeader the header `x-hasura-role`, which picks one of the token's roles
   * @throws AccessError `access/unauthenticated`, `access/role-not-allowed`
   */
  async authenticate(authorization: string | undefined, roleHeader?: string): Promise<Caller> {
    const token = tokenIn(authorization);
    const cached = this.#cache.get(token);
    if (cached !== undefined && cached.expiresAtMs > this.#clock.now())
      return callerOf(cached, roleHeader);
    if (cached !== undefined) this.#cache.delete(token);
    const verified = await this.#verify(token);
    const oldest = this.#cache.keys().next();
    if (this.#cache.size >= CACHED_TOKENS_MAX && !oldest.done) this.#cache.delete(oldest.value);
    this.#cache.set(token, verified);
    return callerOf(verified, roleHeader);
  }

  async #verify(token: string): Promise<Verified> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ["HS256"],
        requiredClaims: ["exp"],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(this.#clock.now()),
      });
      return verifiedOf(payload);
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw unauthenticated("token-expired");
      if (error instanceof errors.JOSEError) throw unauthenticated("token-invalid");
      throw error;
    }
  }
}

function tokenIn(authorization: string | undefined): string {
  if (authorization === undefined) throw unauthenticated("token-missing");
  const token = /^Bearer ([\w.-]+)$/i.exec(authorization)?.[1];
  if (token === undefined || token.length > TOKEN_CHARACTERS_MAX)
    throw unauthenticated("token-invalid");
  return token;
}

function verifiedOf(payload: JWTPayload): Verified {
  const claims = payload[CLAIMS_NAMESPACE];
  if (typeof claims !== "object" || claims === null) throw unauthenticated("claims-missing");
  const found = claims as Record<string, unknown>;
  const roles = textsIn(found["x-hasura-allowed-roles"]).filter(isRole);
  const defaultRole = found["x-hasura-default-role"];
  if (!isRole(defaultRole) || !roles.includes(defaultRole)) throw unauthenticated("claims-missing");
  const user = found["x-hasura-user-id"] ?? payload.sub;
  if (typeof user !== "string" || user === "") throw unauthenticated("claims-missing");
  const allowedFlows = textsIn(found[ALLOWED_FLOWS_CLAIM]).slice(0, ALLOWED_FLOWS_MAX);
  const expiresAtMs = ((payload.exp ?? 0) + CLOCK_TOLERANCE_SECONDS) * 1000;
  return { expiresAtMs, user, roles, defaultRole, allowedFlows, callers: new Map() };
}

function callerOf(verified: Verified, roleHeader: string | undefined): Caller {
  const { user, roles, defaultRole, allowedFlows, callers } = verified;
  const role = roleHeader ?? defaultRole;
  if (!isRole(role) || !roles.includes(role))
    throw new AccessError({ code: "access/role-not-allowed", role, allowed: roles });
  let caller = callers.get(role);
  if (caller === undefined) {
    caller = { user, role, allowedFlows };
    callers.set(role, caller);
  }
  return caller;
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function unauthenticated(
  reason: Extract<AccessFault, { code: "access/unauthenticated" }>["reason"],
): AccessError {
  return new AccessError({ code: "access/unauthenticated", reason });
}
