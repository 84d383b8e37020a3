import type { LightClientFault } from "./light-client/light-client-fault.ts";
import type { GroupName } from "./transaction/groups.ts";

/** Why the ledger refuses something; a family of codes for each of its nouns. Codes are stable. */
export type LedgerFault =
  | { code: "party/bad-lei"; lei: string; reason: "length" | "characters" | "check-digits" }
  | { code: "party/bad-key"; name: string }
  | { code: "party/bad-name"; name: string; reason: string }
  | { code: "amount/currency-mismatch"; left: string; right: string }
  | { code: "amount/out-of-range"; minorUnits: bigint }
  | { code: "tx/too-large"; bytes: number; max: number }
  | { code: "tx/malformed"; reason: string }
  | { code: "tx/component-count"; group: GroupName; found: number; min: number; max: number }
  | { code: "tx/component-malformed"; group: GroupName; index: number; reason: string }
  | { code: "tx/not-open"; group: GroupName; index?: number }
  | { code: "tx/leaf-mismatch"; keyId: string }
  | { code: "tx/cannot-open"; keyId: string }
  | { code: "tx/cannot-unwrap"; keyId: string }
  | { code: "tx/bad-encryption-key" }
  | { code: "tx/unsorted"; group: GroupName; index: number }
  | { code: "tx/input-also-reference"; ref: string }
  | { code: "tx/references-without-input" }
  | { code: "tx/empty" }
  | { code: "tx/header-count"; outputs: number; headers: number }
  | { code: "tx/header-notary"; output: number; expected: string; found: string }
  | { code: "tx/header-authority"; output: number; expected: string; found: string }
  | { code: "tx/header-encumbrance"; output: number; reason: string }
  | { code: "tx/authority-malformed"; output: number; reason: string }
  | { code: "tx/encumbrance-broken"; ref: string; missing: string }
  | { code: "tx/wrong-network"; expected: string; found: string }
  | { code: "tx/wrong-notary"; ref: string; expected: string; found: string }
  | { code: "tx/wrong-parameters"; expected: string; found: string }
  | { code: "tx/empty-time-window"; from: number; until: number }
  | { code: "tx/state-unresolved"; ref: string }
  | { code: "tx/attachment-missing"; contract: string; bundle?: string }
  | { code: "tx/attachment-unused"; contract: string }
  | { code: "tx/attachment-duplicate"; contract: string }
  | { code: "tx/attachment-mismatch"; contract: string; bundle: string; reason: string }
  | { code: "tx/constraint-violated"; contract: string; state: string; reason: string }
  | { code: "tx/constraint-changed"; contract: string; output: number }
  | { code: "tx/unknown-state-type"; contract: string; type: string }
  | { code: "tx/unknown-command"; contract: string; command: string }
  | { code: "tx/state-malformed"; contract: string; state: string; reason: string }
  | { code: "tx/party-unregistered"; output: number; id: string; name: string; lei?: string }
  | { code: "tx/holder-unproven"; output: number; identity: string; reason: string }
  | { code: "tx/command-malformed"; contract: string; command: string; reason: string }
  | { code: "tx/command-repeated"; contracts: string[] }
  | { code: "tx/outside-time-window"; blockTime: number; from?: number; until?: number }
  | { code: "tx/command-missing"; contract: string }
  | { code: "tx/too-many-signatures"; found: number; max: number }
  | { code: "tx/signature-invalid"; index: number }
  | { code: "tx/signer-missing"; command: string; signer: string }
  | { code: "tx/authority-unsatisfied"; ref: string }
  | { code: "tx/unique-key-owner-missing"; kind: string; owner: string }
  | { code: "tx/unique-keys-differ"; expected: string[]; found: string[] }
  | {
      code: "contract/rule-broken";
      rule: string;
      sentence?: string;
      facts: Record<string, unknown>;
    }
  | { code: "contract/failed"; contract: string; reason: string; detail: string }
  | { code: "bundle/malformed"; reason: string }
  | { code: "bundle/unsafe-authority"; state: string; holders: string[] }
  | { code: "receipt/malformed"; reason: string }
  | { code: "receipt/untrusted-members"; memberSetHash: string; epoch: number }
  | { code: "receipt/wrong-chain"; expected: string; found: string }
  | { code: "receipt/not-in-block"; id: string }
  | { code: "receipt/quorum-missing"; found: number; quorum: number }
  | { code: "receipt/retired-epoch"; epoch: number; current: number }
  | LightClientFault;

export type LedgerFaultCode = LedgerFault["code"];

/** Thrown at the ledger's boundaries; `fault` holds the code and its facts. */
export class LedgerError extends Error {
  readonly fault: LedgerFault;

  constructor(fault: LedgerFault) {
    super(describe(fault));
    this.name = "LedgerError";
    this.fault = fault;
  }

  get code(): LedgerFaultCode {
    return this.fault.code;
  }

  /** The name of the contract's rule where one is broken, or else the code. */
  get refusedBy(): string {
    return this.fault.code === "contract/rule-broken" ? this.fault.rule : this.fault.code;
  }
}

function describe(fault: LedgerFault): string {
  if (fault.code === "contract/rule-broken") return describeRule(fault);
  const { code, ...facts } = fault;
  if ("reason" in facts && Object.keys(facts).length === 1) return `${code}: ${facts.reason}`;
  const shown = written(facts);
  return shown === "{}" ? code : `${code}: ${shown}`;
}

/** The contract's own sentence is what helps; of the platform's rules the name says it. */
function describeRule({ rule, sentence, facts }: Extract<LedgerFault, { rule: string }>): string {
  const shown = written(facts);
  const said = [rule, sentence, shown === "{}" ? undefined : shown];
  return said.filter((part) => part !== undefined).join(": ");
}

function written(facts: object): string {
  return JSON.stringify(facts, (_, value) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}
