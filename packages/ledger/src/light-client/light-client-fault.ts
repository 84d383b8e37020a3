/** Why a header or a proof of a chain is refused. */
export type LightClientFault =
  | { code: "light-client/malformed"; what: "header" | "validators" | "proof"; reason: string }
  | { code: "light-client/wrong-chain"; expected: string; found: string }
  | {
      code: "light-client/validators-mismatch";
      of: "header" | "trusted";
      expected: string;
      found: string;
    }
  | {
      code: "light-client/commit-mismatch";
      what: "height" | "hash" | "votes" | "address";
      expected: string;
      found: string;
    }
  | { code: "light-client/signature-invalid"; index: number; address: string }
  | {
      code: "light-client/power-missing";
      of: "header" | "trusted";
      found: bigint;
      needed: bigint;
    }
  | {
      code: "light-client/not-later";
      what: "height" | "timeNs";
      trusted: bigint;
      found: bigint;
    }
  | {
      code: "light-client/expired";
      timeNs: bigint;
      trustingPeriodMs: number;
      nowMs: number;
    }
  | {
      code: "light-client/from-the-future";
      timeNs: bigint;
      clockDriftMs: number;
      nowMs: number;
    }
  | { code: "light-client/proof-unsound"; reason: string }
  | {
      code: "light-client/proof-mismatch";
      what: "kind" | "store" | "key" | "value" | "root";
    }
  | { code: "light-client/not-absent"; reason: string };
