/** Why a connection was refused, ended, or never came to be. Codes are stable. */
export type NetworkFault =
  | { code: "network/certificate-missing" }
  /** It does not lead to the network's root: another network's, self-signed, or broken. */
  | { code: "network/certificate-untrusted"; reason: string }
  | { code: "network/certificate-expired"; from: string; until: string }
  /** Not an Ed25519 leaf that names one identity. */
  | { code: "network/certificate-malformed"; reason: string }
  /** The network map has another key for the identity. */
  | { code: "network/certificate-replaced"; identity: string; expected: string; found: string }
  | { code: "network/unknown-peer"; identity: string }
  | { code: "network/no-address"; identity: string }
  | { code: "network/wrong-peer"; expected: string; found: string }
  | { code: "network/wrong-network"; expected: string; found: string }
  | { code: "network/wrong-version"; expected: number; found: number }
  | { code: "network/hello-timeout"; afterMs: number }
  | { code: "network/frame-too-large"; found: number; max: number }
  | { code: "network/frame-malformed"; reason: string }
  | { code: "network/peer-silent"; afterMs: number }
  /** It asks for more than it reads. */
  | { code: "network/peer-too-slow"; backlogBytes: number; max: number }
  | { code: "network/superseded" }
  | { code: "network/crowded-out"; max: number }
  | { code: "network/stopped" }
  /** The peer said so before it closed. */
  | { code: "network/refused-by-peer"; reason: string }
  | { code: "network/broken"; reason: string }
  | { code: "network/cannot-listen"; host: string; port: number; reason: string };

export class NetworkError extends Error {
  readonly fault: NetworkFault;

  constructor(fault: NetworkFault, options?: ErrorOptions) {
    const { code, ...facts } = fault;
    super(`${code}: ${JSON.stringify(facts)}`, options);
    this.name = "NetworkError";
    this.fault = fault;
  }

  get code(): NetworkFault["code"] {
    return this.fault.code;
  }
}
