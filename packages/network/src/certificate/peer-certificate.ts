import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { keyId, type PublicKey, toHex } from "@stateset/codec";
import type { IdentityId } from "@stateset/ledger";
import { NetworkError } from "../network-error.ts";
import type { PeerDirectory } from "../peer-directory.ts";

/** The one alternative name of a node's certificate: `URI:stateset:<identity id>`. */
const SUBJECT_ALTERNATIVE_NAME = /^URI:stateset:([0-9a-f]{64})$/;
/** RFC 8410: what precedes the 32 bytes of an Ed25519 key. */
const ED25519_SPKI_PREFIX_BYTES = 12;
const EXPIRED = new Set(["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"]);

/**
 * Who is at the other end: the certificate leads to the network's root, is valid today, names one
 * identity, and has the key that the network map knows for it.
 * @throws NetworkError
 */
export function peerIdentity(
  socket: TLSSocket,
  directory: PeerDirectory,
): { identity: IdentityId; tlsKey: PublicKey } {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) throw new NetworkError({ code: "network/certificate-missing" });
  if (!socket.authorized) throw new NetworkError(untrusted(socket, certificate));
  const identity = namedIdentity(certificate);
  const tlsKey = keyOf(certificate);
  assertCurrent(directory, identity, tlsKey);
  return { identity, tlsKey };
}

/** @throws NetworkError where the network map does not, or no longer, know the key for it */
export function assertCurrent(
  directory: PeerDirectory,
  identity: IdentityId,
  tlsKey: PublicKey,
): void {
  const entry = directory.peer(identity);
  if (entry === undefined) throw new NetworkError({ code: "network/unknown-peer", identity });
  const [expected, found] = [keyId(entry.tlsKey), keyId(tlsKey)];
  if (expected !== found)
    throw new NetworkError({ code: "network/certificate-replaced", identity, expected, found });
}

function untrusted(socket: TLSSocket, certificate: X509Certificate): NetworkError["fault"] {
  // The type says Error, but it is the code of OpenSSL's verdict.
  const reason = String(socket.authorizationError);
  if (!EXPIRED.has(reason)) return { code: "network/certificate-untrusted", reason };
  const { validFrom: from, validTo: until } = certificate;
  return { code: "network/certificate-expired", from, until };
}

function namedIdentity(certificate: X509Certificate): IdentityId {
  if (certificate.ca) throw malformedCertificate("it may sign others");
  const name = SUBJECT_ALTERNATIVE_NAME.exec(certificate.subjectAltName ?? "");
  if (name === null) throw malformedCertificate("it does not name one identity");
  return name[1] as IdentityId;
}

function keyOf(certificate: X509Certificate): PublicKey {
  const { publicKey } = certificate;
  if (publicKey.asymmetricKeyType !== "ed25519")
    throw malformedCertificate("its key is not Ed25519");
  const spki = publicKey.export({ format: "der", type: "spki" });
  return { kind: "ed25519", key: toHex(spki.subarray(ED25519_SPKI_PREFIX_BYTES)) };
}

function malformedCertificate(reason: string): NetworkError {
  return new NetworkError({ code: "network/certificate-malformed", reason });
}
