import type { Infer, Schema } from "@stateset/codec/schema";

/**
 * A contract says which states exist, which commands may change them, who must sign, and which
 * rules hold. What can be said as data (schemas, authorities, signers, counts, fields that may
 * change) is data, checked by the platform; only the rules are code, and run in the contract VM.
 */
export type Contract<
  States extends StateDefinitions = StateDefinitions,
  Rules extends RuleTexts = RuleTexts,
> = {
  readonly name: string;
  /** Counts up with every release: a later one may govern states of an earlier one, never back. */
  readonly version: number;
  readonly states: States;
  readonly commands: { readonly [name: string]: CommandDefinition<States, Rules> };
  /** The names of other contracts whose states the rules look at. */
  readonly reads?: readonly string[];
  /** Each rule's code, and the sentence that it stands for. */
  readonly rules: Rules;
};

export interface StateDefinition {
  readonly schema: Schema;
  /** Who may spend a state of this type, in terms of its fields that hold a Holder. */
  readonly authority: AuthorityRule;
}
export type StateDefinitions = { readonly [type: string]: StateDefinition };
export type RuleTexts = { readonly [code: string]: string };

/** A Holder in a field of the state, or a threshold over such. */
export type AuthorityRule =
  | { readonly kind: "holder"; readonly field: string }
  | {
      readonly kind: "threshold";
      readonly threshold: number;
      readonly children: readonly { readonly weight: number; readonly node: AuthorityRule }[];
    };

export type CommandDefinition<
  States extends StateDefinitions = StateDefinitions,
  Rules extends RuleTexts = RuleTexts,
> = {
  readonly data: Schema;
  /** States that end here: inputs, or with a linear id, inputs without a successor. */
  readonly consumes?: StateUses<States>;
  /** States that begin here: outputs, or with a linear id, outputs without a predecessor. */
  readonly creates?: StateUses<States>;
  /** Pairs of an input and the output with its linear id. */
  readonly updates?: StateUpdates<States>;
  /** Checked in the contract VM once all the above holds. */
  readonly verify?: (tx: RuleContext<States>, rule: RuleCheck<Rules>) => void;
  /** The unique keys that a transaction with this command must carry, and no others. */
  readonly claims?: (tx: RuleContext<States>) => UniqueKeyClaim[];
};

export type StateUse = {
  readonly min: number;
  /** As many as the transaction may hold, where absent. */
  readonly max?: number;
  /** Fields, each a Holder or a Party, whose signatures the command must list. */
  readonly signedBy?: readonly string[];
};
type StateUses<States> = { readonly [T in keyof States]?: StateUse };
type StateUpdates<States> = { readonly [T in keyof States]?: StateUse & StateChange };
export type StateChange = {
  /** The fields that may differ; every other stays as it was. */
  readonly changes: readonly string[];
  /** Fields of the successor, each a Holder or a Party, that must sign too. */
  readonly signedByNew?: readonly string[];
};

/** Refuses the transaction under the rule's name unless it holds. */
export type RuleCheck<Rules extends RuleTexts = RuleTexts> = (
  code: keyof Rules & string,
  holds: boolean,
  facts?: Record<string, unknown>,
) => void;

/** What rules see: states and commands, never ids of strangers, nonces, keys or private parts. */
export interface RuleContext<States extends StateDefinitions = StateDefinitions> {
  readonly command: { readonly name: string; readonly data: unknown };
  readonly inputs: StatesByType<States>;
  readonly outputs: StatesByType<States>;
  readonly references: StatesByType<States>;
  /** The pairs of a type with linear ids. */
  updatesOf<T extends keyof States & string>(
    type: T,
  ): { before: StateOf<States[T]>; after: StateOf<States[T]> }[];
  /** The states of another contract in the same transaction, which `reads` must name. */
  of<Other extends StateDefinitions>(
    contract: Contract<Other, never> | { readonly name: string; readonly states: Other },
  ): {
    inputs: StatesByType<Other>;
    outputs: StatesByType<Other>;
    references: StatesByType<Other>;
  };
  /** Milliseconds since 1970, UTC. */
  readonly timeWindow: { readonly from?: number; readonly until?: number };
  /** Whether the command lists this holder or party among its signers. */
  isSigned(by: { identity: string; key?: { kind: string; key: string } } | { id: string }): boolean;
}

export type StateOf<D extends StateDefinition> = Infer<D["schema"]>;
export type StatesByType<States extends StateDefinitions> = {
  readonly [T in keyof States]: StateOf<States[T]>[];
};

/** What may be registered once only in its owner's name space. */
export type UniqueKeyClaim = {
  /** `<contract>/<what>`, such as `invoice/number`. */
  kind: string;
  /** The identity whose name space it is, and whose key must sign. */
  owner: string;
  /** What identifies it, in a fixed order. */
  fields: string[];
};

/** Keeps the literal types, so that rule codes and state types are checked where they are used. */
export function defineContract<
  const States extends StateDefinitions,
  const Rules extends RuleTexts,
>(contract: Contract<States, Rules>): Contract<States, Rules> {
  return contract;
}

export function holder(field: string): AuthorityRule {
  return { kind: "holder", field };
}
