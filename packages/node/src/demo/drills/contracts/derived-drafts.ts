import type { Schema } from "@stateset/codec";
import type { AttachedBundle } from "@stateset/ledger";
import type { GuestValue } from "@stateset/ledger/contract";
import {
  changed,
  type Declared,
  dataSchema,
  declaredOf,
  fieldsOf,
  identityOf,
  kebab,
  ownStates,
  predecessor,
  recordOf,
  someData,
  statusesOf,
  successor,
} from "./declared.ts";
import type { Draft, DraftParty, DraftState, LegalDraft, StateFields } from "./draft.ts";
import { otherValue, someValue } from "./other-value.ts";

/** What must become of a draft: valid, refused by just this, or refused by a rule of the contract. */
export type Expected = "valid" | { by: string } | { byRuleOf: string };

export type DerivedDraft = { tries: string; draft: Draft; expected: Expected };

export type Subject = {
  contract: AttachedBundle;
  name: string;
  legal: LegalDraft;
  stranger: DraftParty;
  /** A transaction of its own that is valid, where the command would have nothing to do. */
  filler: Draft;
};

/**
 * Everything that can be got wrong in a valid transaction, as far as the bundle declares what is
 * right: each status, each signer, each field, each count. A new command, field or status is in it
 * by itself.
 */
export function derivedDrafts(subject: Subject): DerivedDraft[] {
  return [
    { tries: "as it should be", draft: subject.legal.draft, expected: "valid" },
    ...otherStatuses(subject),
    ...otherSigners(subject),
    ...missingSignatures(subject),
    ...keptFields(subject),
    ...changedFields(subject),
    ...createdFields(subject),
    ...otherCounts(subject),
    ...otherCommands(subject),
    ...withoutContext(subject),
  ];
}

/** Whatever the command declares, it does not go through with nothing to work on. */
export function emptyDraft(
  contract: AttachedBundle,
  name: string,
  { stranger, filler }: Pick<Subject, "stranger" | "filler">,
): DerivedDraft {
  const of = contract.bundle.name;
  const data = someData(contract, name, stranger);
  const { command, others = [], ...rest } = filler;
  return {
    tries: "of nothing at all",
    draft: {
      ...rest,
      command: { contract: of, name, data, signers: [stranger] },
      others: [command, ...others],
    },
    expected: { by: `${of}/${name}-counts` },
  };
}

function otherStatuses({ contract, legal, name }: Subject): DerivedDraft[] {
  const of = contract.bundle.name;
  const { draft, from, to = {}, statusRule = "status-edge" } = legal;
  if (from === undefined) return [];
  return ownStates(draft.inputs, of).flatMap(([index, { type, state }]) => {
    const update = declaredOf(contract, name).updates.find((each) => each.type === type);
    return statusesOf(contract, type).map((status) => {
      const inputs = changed(draft.inputs, index, { status });
      const after = successor(draft, draft.inputs[index] as DraftState);
      const next = update?.changes.includes("status") === false ? status : to[status];
      const outputs =
        after === undefined || next === undefined
          ? draft.outputs
          : changed(draft.outputs, after, { status: next });
      const mayGo = from[type]?.includes(status) ?? status === state.status;
      return {
        tries: `from ${type} ${status}`,
        draft: { ...draft, inputs, outputs },
        expected: mayGo ? ("valid" as const) : { by: `${of}/${statusRule}` },
      };
    });
  });
}

/** Each party that must sign, and a stranger in its place. */
function otherSigners(subject: Subject): DerivedDraft[] {
  const { contract, name, legal, stranger } = subject;
  const { command } = legal.draft;
  const of = contract.bundle.name;
  const declared = declaredSigners(subject);
  return command.signers.map((left) => {
    const signers = command.signers.map((each) => (each === left ? stranger : each));
    // The first field that it misses is the one that is told.
    const missed = declared.find(([, identity]) => identity === left.party.id);
    return {
      tries: `without ${missed === undefined ? left.party.name : `the ${missed[0]}`} among the signers`,
      draft: { ...legal.draft, command: { ...command, signers } },
      expected:
        missed === undefined
          ? { byRuleOf: of }
          : { by: `${of}/${name}-signed-by-${kebab(missed[0])}` },
    };
  });
}

/** The fields of each state that must sign, in the order in which they are looked at. */
function declaredSigners({
  contract,
  name,
  legal: { draft },
}: Subject): (readonly [field: string, identity: string | undefined])[] {
  const { consumes, creates, updates } = declaredOf(contract, name);
  const of = contract.bundle.name;
  const isKept = (state: DraftState) => successor(draft, state) !== undefined;
  const isNew = (state: DraftState) => predecessor(draft, state) === undefined;
  const inputs = ownStates(draft.inputs, of).map(([, state]) => state);
  const outputs = ownStates(draft.outputs, of).map(([, state]) => state);
  const signing = (states: readonly DraftState[], type: string, fields: readonly string[]) =>
    states
      .filter((state) => state.type === type)
      .flatMap(({ state }) => fields.map((field) => [field, identityOf(state[field])] as const));
  return [
    ...consumes.flatMap(({ type, signedBy }) =>
      signing(
        inputs.filter((each) => !isKept(each)),
        type,
        signedBy,
      ),
    ),
    ...creates.flatMap(({ type, signedBy }) => signing(outputs.filter(isNew), type, signedBy)),
    ...updates.flatMap(({ type, signedBy }) => signing(inputs.filter(isKept), type, signedBy)),
    ...updates.flatMap(({ type, signedByNew }) =>
      signing(
        outputs.filter((each) => !isNew(each)),
        type,
        signedByNew,
      ),
    ),
  ];
}

function missingSignatures({ legal: { draft } }: Subject): DerivedDraft[] {
  return draft.command.signers.map((signer) => {
    const isOwner = draft.inputs.some(({ state }) => identityOf(state.owner) === signer.party.id);
    return {
      tries: `without the signature of ${signer.party.name}`,
      draft: { ...draft, withoutSignatureOf: signer },
      expected: { by: isOwner ? "tx/authority-unsatisfied" : "tx/signer-missing" },
    };
  });
}

/** What an update may not change. */
function keptFields(subject: Subject): DerivedDraft[] {
  const { contract, name } = subject;
  return updatesOf(subject).flatMap(({ type, changes, index }) =>
    fieldsOf(contract, type)
      .filter((field) => !changes.includes(field) && field !== "linearId")
      .map((field) => ({
        tries: `with another ${field} of the ${type}`,
        draft: withOther(subject, index, field),
        expected: { by: `${contract.bundle.name}/${name}-keeps-${kebab(field)}` },
      })),
  );
}

/** What an update may change, and not to anything. */
function changedFields(subject: Subject): DerivedDraft[] {
  const { contract, legal } = subject;
  const of = contract.bundle.name;
  return updatesOf(subject).flatMap(({ type, changes, index }) => [
    ...changes
      .filter((field) => field !== "status")
      .map((field) => ({
        tries: `with another ${field} of the ${type}`,
        draft: withOther(subject, index, field),
        expected: isFree(legal, type, field) ? ("valid" as const) : { byRuleOf: of },
      })),
    ...statusesOf(contract, type)
      .filter((status) => changes.includes("status") && status !== statusAt(legal.draft, index))
      .map((status) => ({
        tries: `to ${type} ${status}`,
        draft: { ...legal.draft, outputs: changed(legal.draft.outputs, index, { status }) },
        expected: { by: `${of}/status-edge` },
      })),
  ]);
}

/** What a new state says of itself. */
function createdFields(subject: Subject): DerivedDraft[] {
  const { contract, legal } = subject;
  const of = contract.bundle.name;
  return ownStates(legal.draft.outputs, of)
    .filter(([, state]) => predecessor(legal.draft, state) === undefined)
    .flatMap(([index, { type }]) =>
      fieldsOf(contract, type).map((field) => ({
        tries: `a ${type} with another ${field}`,
        draft: withOther(subject, index, field),
        expected: isFree(legal, type, field) ? ("valid" as const) : { byRuleOf: of },
      })),
    );
}

function otherCounts(subject: Subject): DerivedDraft[] {
  const { contract, name, legal, stranger } = subject;
  const { draft } = legal;
  const of = contract.bundle.name;
  const expected = { by: `${of}/${name}-counts` };
  const { consumes, creates } = declaredOf(contract, name);
  const without = (side: "inputs" | "outputs") =>
    ownStates(draft[side], of).map(([index, { type }]) => ({
      tries: `without the ${type} among the ${side}`,
      draft: filled(subject, { ...draft, [side]: draft[side].filter((_, i) => i !== index) }),
      expected,
    }));
  const renamed = updatesOf(subject).map(({ type, index }) => ({
    tries: `with another linearId of the ${type}`,
    draft: withOther(subject, index, "linearId"),
    expected,
  }));
  const more = [...contract.states].flatMap(([type, { schema }]) => {
    const state = someValue(schema, stranger) as StateFields;
    const stray = { contract: of, type, state };
    const isNew = (each: DraftState) => predecessor(draft, each) === undefined;
    const isOver = (uses: Declared["creates"], states: readonly DraftState[]) =>
      states.filter((each) => each.contract === of && each.type === type).length >=
      (uses.find((use) => use.type === type)?.max ?? 0);
    return [
      ...(isOver(creates, draft.outputs.filter(isNew))
        ? [
            {
              tries: `with one ${type} more`,
              draft: { ...draft, outputs: [...draft.outputs, stray] },
              expected,
            },
          ]
        : []),
      ...(isOver(
        consumes,
        draft.inputs.filter((each) => successor(draft, each) === undefined),
      )
        ? [
            {
              tries: `with the end of another ${type}`,
              draft: { ...draft, inputs: [...draft.inputs, stray] },
              expected,
            },
          ]
        : []),
    ];
  });
  return [...without("inputs"), ...without("outputs"), ...renamed, ...more];
}

/** The same states, by every other command of the contract, and by this one with other words. */
function otherCommands({ contract, name, legal, stranger }: Subject): DerivedDraft[] {
  const { draft } = legal;
  const of = contract.bundle.name;
  const names = contract.bundle.commands.map((each) => each.name);
  const schema = dataSchema(contract, name);
  const words = schema.kind === "record" ? Object.entries(schema.fields) : [];
  return [
    ...names
      .filter((other) => other !== name)
      .map((other) => ({
        tries: `by ${other}`,
        draft: {
          ...draft,
          command: { ...draft.command, name: other, data: someData(contract, other, stranger) },
        },
        expected: { byRuleOf: of },
      })),
    ...words.map(([field, each]) => {
      const said = draft.command.data;
      const data = { ...said, [field]: otherValue(each, said[field], stranger) };
      return {
        tries: `saying another ${field}`,
        draft: { ...draft, command: { ...draft.command, data } },
        expected: { byRuleOf: of },
      };
    }),
  ];
}

/** What the rules look at besides: the time, other states, and what the cash comes to. */
function withoutContext({ contract, legal: { draft } }: Subject): DerivedDraft[] {
  const expected = { byRuleOf: contract.bundle.name };
  const derived: DerivedDraft[] = [];
  const { timeWindow, references = [], ...rest } = draft;
  if (timeWindow !== undefined)
    derived.push({ tries: "without a time window", draft: { ...rest, references }, expected });
  if (references.length > 0)
    derived.push({
      tries: "without what it refers to",
      draft: { ...draft, references: [] },
      expected,
    });
  const short = withShortCash(draft);
  if (short !== undefined)
    derived.push({ tries: "with cash short by one minor unit", draft: short, expected });
  return derived;
}

/** The payee gets a minor unit less, and the payer keeps it. */
export function withShortCash(draft: Draft): Draft | undefined {
  const [payee, change] = ownStates(draft.outputs, "cash");
  if (payee === undefined || change === undefined) return undefined;
  const less = moved(draft.outputs, payee[0], -1n);
  return { ...draft, outputs: moved(less, change[0], 1n) };
}

function moved(states: readonly DraftState[], index: number, by: bigint): DraftState[] {
  const amount = states[index]?.state.amount as { minorUnits: bigint; currency: string };
  return changed(states, index, { amount: { ...amount, minorUnits: amount.minorUnits + by } });
}

function withOther(
  { contract, legal: { draft }, stranger }: Subject,
  index: number,
  field: string,
): Draft {
  const { type, state } = draft.outputs[index] as DraftState;
  const schema = recordOf(contract, type).fields[field] as Schema;
  const value = otherValue(schema, state[field], stranger);
  return { ...draft, outputs: changed(draft.outputs, index, { [field]: value }) };
}

/** A command without states still has to stand in a transaction that spends something. */
function filled({ filler }: Subject, draft: Draft): Draft {
  if (draft.inputs.length > 0) return draft;
  return {
    ...draft,
    inputs: filler.inputs,
    outputs: [...draft.outputs, ...filler.outputs],
    others: [filler.command],
  };
}

type Update = { type: string; changes: readonly string[]; index: number };

/** The outputs that succeed an input, and what may be different in them. */
function updatesOf({ contract, name, legal: { draft } }: Subject): Update[] {
  return ownStates(draft.outputs, contract.bundle.name).flatMap(([index, state]) => {
    if (predecessor(draft, state) === undefined) return [];
    const declared = declaredOf(contract, name).updates.find(({ type }) => type === state.type);
    return declared === undefined ? [] : [{ type: state.type, changes: declared.changes, index }];
  });
}

function isFree({ free = {} }: LegalDraft, type: string, field: string): boolean {
  return free[type]?.includes(field) === true;
}

function statusAt({ outputs }: Draft, index: number): GuestValue | undefined {
  return outputs[index]?.state.status;
}
