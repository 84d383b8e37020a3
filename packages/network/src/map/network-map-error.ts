/** Why a network-map file is not taken. Codes are stable. */
export type NetworkMapFault =
  | { code: "network-map/unreadable"; path: string; reason: string }
  | { code: "network-map/malformed"; reason: string }
  | { code: "network-map/signature-invalid"; signers: string[] }
  | { code: "network-map/wrong-network"; expected: string; found: string }
  /** A signed map whose entries do not fit together. */
  | { code: "network-map/inconsistent"; what: string; reason: string }
  /** Older than the one in use, or of the same serial and yet different. */
  | { code: "network-map/outdated"; current: number; found: number }
  /** What older transactions rest on is missing or different. */
  | { code: "network-map/history-changed"; what: string };

export class NetworkMapError extends Error {
  readonly fault: NetworkMapFault;

  constructor(fault: NetworkMapFault, options?: ErrorOptions) {
    const { code, ...facts } = fault;
    super(`${code}: ${JSON.stringify(facts)}`, options);
    this.name = "NetworkMapError";
    this.fault = fault;
  }

  get code(): NetworkMapFault["code"] {
    return this.fault.code;
  }
}
