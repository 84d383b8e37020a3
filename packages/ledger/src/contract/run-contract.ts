import type {
  CommandDefinition,
  Contract,
  RuleContext,
  StateDefinitions,
  StatesByType,
} from "./define-contract.ts";

/** What the platform hands to a contract: plain data, decoded inside the VM. */
export type ContractInput = {
  command: { name: string; data: GuestValue; signers: string[] };
  inputs: StateEntry[];
  outputs: StateEntry[];
  references: StateEntry[];
  timeWindow: { from?: number; until?: number };
};
export type StateEntry = { contract: string; type: string; state: GuestValue };
export type GuestValue =
  | string
  | number
  | bigint
  | boolean
  | GuestValue[]
  | { [field: string]: GuestValue };

/**
 * The entry of every bundle, called inside the VM: runs the rules of the input's command.
 * @returns nothing where all hold and nothing is claimed; otherwise JSON, `{"claims":[…]}` or
 * `{"rule","facts"}` of the first rule that does not hold
 */
export function runContract(contract: Contract, input: ContractInput): string {
  const command = contract.commands[input.command.name] as CommandDefinition;
  const tx = new TransactionView(contract, input);
  try {
    command.verify?.(tx, check);
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error;
    return JSON.stringify({ rule: error.rule, facts: error.facts }, bigintsAsText);
  }
  if (command.claims === undefined) return "";
  return JSON.stringify({ claims: command.claims(tx) });
}

class RuleBroken {
  readonly rule: string;
  readonly facts: Record<string, unknown>;

  constructor(rule: string, facts: Record<string, unknown>) {
    this.rule = rule;
    this.facts = facts;
  }
}

function check(code: string, holds: boolean, facts: Record<string, unknown> = {}): void {
  if (holds !== true) throw new RuleBroken(code, facts);
}

function bigintsAsText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

type Linear = { linearId: string };

class TransactionView implements RuleContext {
  readonly #contract: Contract;
  readonly #input: ContractInput;
  readonly inputs: StatesByType<StateDefinitions>;
  readonly outputs: StatesByType<StateDefinitions>;
  readonly references: StatesByType<StateDefinitions>;

  constructor(contract: Contract, input: ContractInput) {
    this.#contract = contract;
    this.#input = input;
    this.inputs = byType(contract, input.inputs);
    this.outputs = byType(contract, input.outputs);
    this.references = byType(contract, input.references);
  }

  get command(): RuleContext["command"] {
    return this.#input.command;
  }

  get timeWindow(): RuleContext["timeWindow"] {
    return this.#input.timeWindow;
  }

  updatesOf(type: string) {
    const after = new Map<string, Linear>();
    for (const state of this.outputs[type] as Linear[]) after.set(state.linearId, state);
    const pairs: { before: never; after: never }[] = [];
    for (const before of this.inputs[type] as Linear[]) {
      const successor = after.get(before.linearId);
      if (typeof before.linearId === "string" && successor !== undefined)
        pairs.push({ before: before as never, after: successor as never });
    }
    return pairs;
  }

  of(contract: { name: string; states: StateDefinitions }) {
    if (!this.#contract.reads?.includes(contract.name))
      throw new Error(`${this.#contract.name} does not declare that it reads ${contract.name}`);
    return {
      inputs: byType(contract, this.#input.inputs),
      outputs: byType(contract, this.#input.outputs),
      references: byType(contract, this.#input.references),
    } as never;
  }

  isSigned(by: { identity?: string; id?: string; key?: { kind: string; key: string } }): boolean {
    const { signers } = this.#input.command;
    if (by.key !== undefined && signers.includes(`${by.key.kind}:${by.key.key}`)) return true;
    return signers.includes(`identity:${by.identity ?? by.id}`);
  }
}

function byType(
  contract: { name: string; states: StateDefinitions },
  entries: readonly StateEntry[],
): StatesByType<StateDefinitions> {
  const states: Record<string, GuestValue[]> = {};
  for (const type in contract.states) states[type] = [];
  for (const entry of entries)
    if (entry.contract === contract.name) states[entry.type]?.push(entry.state);
  return states as StatesByType<StateDefinitions>;
}
