import { X509Certificate } from "node:crypto";
import { publicKeyOf, type SecretKey } from "@stateset/codec";
import type { IdentityId } from "@stateset/ledger";
import { expect, test } from "vitest";
import { DevelopmentAuthority } from "./development-authority.ts";

const keyOf = (byte: number): SecretKey => ({
  kind: "ed25519",
  secret: new Uint8Array(32).fill(byte),
});
const identity = "ab".repeat(32) as IdentityId;
const validity = { validFrom: Date.UTC(2026, 0, 1), validUntil: Date.UTC(2126, 0, 1) };
const authority = () =>
  new DevelopmentAuthority({ name: "O=Root,C=CH", key: keyOf(1), ...validity });
const request = {
  identity,
  name: "CN=Node 1,OU=IT,O=Bänk \\+ Söhne\\, AG,L=Zürich,ST=ZH,C=CH",
  key: publicKeyOf(keyOf(2)),
  ...validity,
};

test("a node's certificate leads to the root and says whose it is", () => {
  const root = new X509Certificate(authority().rootCertificate);
  const node = new X509Certificate(authority().issue(request));
  expect(root.ca).toBe(true);
  expect(root.verify(root.publicKey)).toBe(true);
  expect(node.ca).toBe(false);
  expect(node.checkIssued(root)).toBe(true);
  expect(node.verify(root.publicKey)).toBe(true);
  expect(node.subjectAltName).toBe(`URI:stateset:${identity}`);
  // As OpenSSL writes it, from the country down.
  expect(node.subject.split("\n")).toEqual([
    "C=CH",
    "ST=ZH",
    "L=Zürich",
    "O=Bänk \\+ Söhne\\, AG",
    "OU=IT",
    "CN=Node 1",
  ]);
});

/** RFC 5280 writes years from 2050 on in another form. */
test.each([Date.UTC(2049, 11, 31, 23, 59, 59), Date.UTC(2050, 0, 1)])("valid until %d", (until) => {
  const node = new X509Certificate(authority().issue({ ...request, validUntil: until }));
  expect(node.validFromDate.getTime()).toBe(validity.validFrom);
  expect(node.validToDate.getTime()).toBe(until);
});

test("the same request gives the same certificate, another one another number", () => {
  expect(authority().issue(request)).toBe(authority().issue(request));
  const serial = (name: string) =>
    new X509Certificate(authority().issue({ ...request, name })).serialNumber;
  expect(serial("O=A,C=CH")).not.toBe(serial("O=B,C=CH"));
  expect(serial("O=A,C=CH")).toHaveLength(32);
});

test("only Ed25519 keys are certified", () => {
  const key = { kind: "p256", key: "02".repeat(33) } as const;
  expect(() => authority().issue({ ...request, key })).toThrow(TypeError);
});
