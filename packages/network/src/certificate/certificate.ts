import { hash, type KeyObject, sign } from "node:crypto";
import { fromHex, type PublicKey } from "@stateset/codec";
import { type IdentityId, parseX500Name, type X500Name } from "@stateset/ledger";
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  printableString,
  sequence,
  set,
  time,
  utf8String,
} from "./der.ts";

/** What a certificate says; names are in the ledger's form of X.500 names. */
export type CertificateContent = {
  subject: string;
  key: PublicKey & { kind: "ed25519" };
  issuer: string;
  issuerKey: PublicKey & { kind: "ed25519" };
  /** Milliseconds since 1970. */
  validFrom: number;
  validUntil: number;
  /** Whose node it is; an authority's certificate has none. */
  identity?: IdentityId;
};

const ED25519 = "1.3.101.112";
const NAME_ATTRIBUTES: readonly [keyof X500Name, string][] = [
  ["country", "2.5.4.6"],
  ["state", "2.5.4.8"],
  ["locality", "2.5.4.7"],
  ["organisation", "2.5.4.10"],
  ["organisationUnit", "2.5.4.11"],
  ["commonName", "2.5.4.3"],
];
const EXTENSION = {
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAlternativeName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
} as const;
const SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
const URI_NAME = 6;
const KEY_IDENTIFIER_BYTES = 20;
const SERIAL_BYTES = 16;

/** An X.509 certificate (RFC 5280) in DER, signed with Ed25519 (RFC 8410). */
export function issueCertificate(content: CertificateContent, issuerKey: KeyObject): Uint8Array {
  const algorithm = sequence(objectIdentifier(ED25519));
  const version = explicit(0, integer(Uint8Array.of(2)));
  const body = sequence(
    version,
    integer(serialNumber(content)),
    algorithm,
    nameOf(content.issuer),
    sequence(time(content.validFrom), time(content.validUntil)),
    nameOf(content.subject),
    sequence(algorithm, bitString(fromHex(content.key.key))),
    explicit(3, sequence(...extensions(content))),
  );
  return sequence(body, algorithm, bitString(sign(null, body, issuerKey)));
}

function extensions({ key, issuerKey, identity }: CertificateContent): Uint8Array[] {
  const isAuthority = identity === undefined;
  // A root may sign nodes' certificates, but none that could sign others.
  const constraints = isAuthority ? [boolean(true), integer(Uint8Array.of(0))] : [];
  const keyCertificateAndListSign = bitString(Uint8Array.of(0b0000_0110), 1);
  const digitalSignature = bitString(Uint8Array.of(0b1000_0000), 7);
  const both = [
    extension("basicConstraints", sequence(...constraints), true),
    extension("keyUsage", isAuthority ? keyCertificateAndListSign : digitalSignature, true),
    extension("subjectKeyIdentifier", octetString(keyIdentifier(key))),
    extension("authorityKeyIdentifier", sequence(implicit(0, keyIdentifier(issuerKey)))),
  ];
  if (identity === undefined) return both;
  const uses = [SERVER_AUTHENTICATION, CLIENT_AUTHENTICATION].map(objectIdentifier);
  const uri = implicit(URI_NAME, new TextEncoder().encode(`stateset:${identity}`));
  return [
    ...both,
    extension("extendedKeyUsage", sequence(...uses)),
    extension("subjectAlternativeName", sequence(uri)),
  ];
}

function extension(
  name: keyof typeof EXTENSION,
  value: Uint8Array,
  isCritical = false,
): Uint8Array {
  const critical = isCritical ? [boolean(true)] : [];
  return sequence(objectIdentifier(EXTENSION[name]), ...critical, octetString(value));
}

/** Names run from the country down, the other way round than they are written as text. */
function nameOf(formatted: string): Uint8Array {
  const name = parseX500Name(formatted);
  const parts = NAME_ATTRIBUTES.flatMap(([attribute, oid]) => {
    const value = name[attribute];
    if (value === undefined) return [];
    const text = attribute === "country" ? printableString(value) : utf8String(value);
    return [set(sequence(objectIdentifier(oid), text))];
  });
  return sequence(...parts);
}

/** The same certificate has the same number, and another one another. */
function serialNumber(content: CertificateContent): Uint8Array {
  const serial = digest(JSON.stringify(content)).subarray(0, SERIAL_BYTES);
  // Positive, and of full length.
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40;
  return serial;
}

function keyIdentifier({ key }: PublicKey): Uint8Array {
  return digest(fromHex(key)).subarray(0, KEY_IDENTIFIER_BYTES);
}

function digest(input: string | Uint8Array): Uint8Array {
  return Uint8Array.from(hash("sha256", input, "buffer"));
}
