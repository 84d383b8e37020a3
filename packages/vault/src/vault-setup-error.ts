/** Why a database cannot be opened as a vault. Codes are stable. */
export type VaultSetupFault =
  /** Newer code has migrated it, or declared a later version of a table. */
  | { code: "vault/newer-database"; what: string; found: number; known: number }
  | { code: "vault/server-too-old"; found: string; minimum: string }
  | { code: "vault/bad-table"; contract: string; type: string; reason: string }
  /** Another process has it open, and only one may write. */
  | { code: "vault/in-use"; waitedMs: number };

export class VaultSetupError extends Error {
  readonly fault: VaultSetupFault;

  constructor(fault: VaultSetupFault) {
    const { code, ...facts } = fault;
    super(`${code}: ${JSON.stringify(facts)}`);
    this.name = "VaultSetupError";
    this.fault = fault;
  }

  get code(): VaultSetupFault["code"] {
    return this.fault.code;
  }
}
