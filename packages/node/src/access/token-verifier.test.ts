import { SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, test } from "vitest";
import { assertMayDo, assertMayStart, type Caller } from "./caller.ts";
import type { Right, Role } from "./role.ts";
import { signToken, type TokenContent } from "./sign-token.ts";
import { CLAIMS_NAMESPACE, TokenVerifier } from "./token-verifier.ts";

const secret = new TextEncoder().encode("s".repeat(32));
let now = Date.now();
const verifier = new TokenVerifier({ hs256Secret: secret, clock: { now: () => now } });

const CONTENT: TokenContent = {
  user: "ann",
  roles: ["operator", "viewer"],
  lifetimeSeconds: 60,
};
const CLAIMS = {
  "x-hasura-user-id": "ann",
  "x-hasura-allowed-roles": ["viewer"],
  "x-hasura-default-role": "viewer",
};

async function bearer(content: Partial<TokenContent> = {}, by = secret): Promise<string> {
  return `Bearer ${await signToken(by, { ...CONTENT, ...content })}`;
}

async function withClaims(claims: unknown, expires = true): Promise<string> {
  const token = new SignJWT({ [CLAIMS_NAMESPACE]: claims }).setProtectedHeader({ alg: "HS256" });
  if (expires) token.setExpirationTime("60 s");
  return `Bearer ${await token.sign(secret)}`;
}

test("a token tells user and default role; the header picks another of its roles", async () => {
  const header = await bearer();
  expect(await verifier.authenticate(header)).toMatchObject({ user: "ann", role: "operator" });
  expect(await verifier.authenticate(header, "viewer")).toMatchObject({ role: "viewer" });
});

test("a remembered token ends with its time", async () => {
  const header = await bearer();
  await verifier.authenticate(header);
  const start = now;
  now += 66_000;
  const refused = verifier.authenticate(header);
  await expect(refused).rejects.toMatchObject({ fault: { reason: "token-expired" } });
  now = start;
});

const invalid = "access/unauthenticated token-invalid";
const claimsMissing = "access/unauthenticated claims-missing";
type Row = [what: string, header: () => Promise<string | undefined>, refusal: string];
const ROWS: Row[] = [
  ["no token", async () => undefined, "access/unauthenticated token-missing"],
  ["another scheme", async () => "Basic YTpi", invalid],
  ["garbage", async () => "Bearer a.b.c", invalid],
  ["a very long token", async () => `Bearer ${"a".repeat(9000)}`, invalid],
  ["another secret", () => bearer({}, new TextEncoder().encode("t".repeat(32))), invalid],
  [
    "an unsigned token",
    async () => `Bearer ${new UnsecuredJWT({ [CLAIMS_NAMESPACE]: CLAIMS }).encode()}`,
    invalid,
  ],
  ["a changed token", async () => (await bearer()).replace(/\.(\w)/, ".x$1"), invalid],
  ["a token without an end", () => withClaims(CLAIMS, false), invalid],
  [
    "an expired token",
    () => bearer({ lifetimeSeconds: -60 }),
    "access/unauthenticated token-expired",
  ],
  ["no claims", () => withClaims(undefined), claimsMissing],
  ["no user", () => withClaims({ ...CLAIMS, "x-hasura-user-id": "" }), claimsMissing],
  [
    "a default role that is not allowed",
    () => withClaims({ ...CLAIMS, "x-hasura-default-role": "admin" }),
    claimsMissing,
  ],
  [
    "only roles that do not exist",
    () =>
      withClaims({
        ...CLAIMS,
        "x-hasura-allowed-roles": ["root"],
        "x-hasura-default-role": "root",
      }),
    claimsMissing,
  ],
];

test.each(ROWS)("%s is refused", async (_, header, refusal) => {
  const given = await header();
  const found = await verifier.authenticate(given).catch((error) => error.fault);
  expect(`${found.code} ${found.reason}`).toBe(refusal);
});

test("a role that the token does not have is refused", async () => {
  const refused = verifier.authenticate(await bearer(), "admin");
  await expect(refused).rejects.toMatchObject({
    fault: { code: "access/role-not-allowed", role: "admin", allowed: ["operator", "viewer"] },
  });
});

describe("roles", () => {
  const caller = (role: Role, allowedFlows: string[] = []): Caller => ({
    user: "ann",
    role,
    allowedFlows,
  });

  test.each<[Role, Right, string[] | undefined]>([
    ["operator", "steer", undefined],
    ["user", "steer", ["admin", "operator"]],
    ["user", "attach", undefined],
    ["viewer", "attach", ["admin", "operator", "user"]],
    ["viewer", "read", undefined],
  ])("%s to %s", (role, right, needs) => {
    const assertion = expect(() => assertMayDo(caller(role), right));
    if (needs === undefined) assertion.not.toThrow();
    else
      assertion.toThrow(
        expect.objectContaining({ fault: { code: "access/forbidden", role, needs } }),
      );
  });

  test.each<[Caller, string | undefined]>([
    [caller("operator"), undefined],
    [caller("user", ["cash/pay"]), undefined],
    [caller("user", ["cash/*"]), undefined],
    [caller("user", ["cash/issue"]), "access/flow-not-allowed"],
    [caller("user", ["cas/*"]), "access/flow-not-allowed"],
    [caller("user"), "access/flow-not-allowed"],
    [caller("viewer", ["cash/pay"]), "access/forbidden"],
  ])("%j starting cash/pay", (who, code) => {
    const assertion = expect(() => assertMayStart(who, "cash/pay"));
    if (code === undefined) assertion.not.toThrow();
    else assertion.toThrow(expect.objectContaining({ code }));
  });
});
