import type { Role } from "./role.ts";

/** Why a caller is not let in. Codes are stable. */
export type AccessFault =
  | {
      code: "access/unauthenticated";
      reason: "token-missing" | "token-invalid" | "token-expired" | "claims-missing";
    }
  | { code: "access/role-not-allowed"; role: string; allowed: readonly Role[] }
  | { code: "access/forbidden"; role: Role; needs: readonly Role[] }
  | { code: "access/flow-not-allowed"; role: Role; flow: string; claim: string };

export class AccessError extends Error {
  readonly fault: AccessFault;

  constructor(fault: AccessFault) {
    const { code, ...facts } = fault;
    super(`${code}: ${JSON.stringify(facts)}`);
    this.name = "AccessError";
    this.fault = fault;
  }

  get code(): AccessFault["code"] {
    return this.fault.code;
  }
}
