import { type FlowContext, FlowFailure, spendingKey } from "@stateset/flow/app";
import type { StateRef, TransactionBuilder } from "@stateset/ledger";
import { receivableContract } from "../contract/index.ts";
import type { NoticeState, OfferState, ReceivableState } from "../contract/receivable-state.ts";

export type StatesOfType = { offer: OfferState; receivable: ReceivableState; notice: NoticeState };
export type StateType = keyof StatesOfType;
export type Held<T extends StateType> = { type: T; ref: StateRef; state: StatesOfType[T] };

/**
 * The state of a linear id, or the live one of the invoice with that number or linear id.
 * @throws FlowFailure `receivable/unknown`, `receivable/ambiguous`
 */
export async function find<T extends StateType>(
  flow: FlowContext,
  type: T,
  named: string,
): Promise<Held<T>> {
  const is = (column: string) => ({ [column]: { _eq: named } });
  const others = ["invoice_id", "invoice_number", ...(type === "notice" ? ["receivable_id"] : [])];
  const live = { _or: others.map(is), status: { _nin: ENDED } };
  const { items } = await flow.query({
    contract: "receivable",
    type,
    where: { _or: [is("linear_id"), live] },
    limit: CANDIDATES_MAX,
  });
  const [first, ...more] = items;
  if (first === undefined)
    throw new FlowFailure("receivable/unknown", `this node has no ${type} ${named}`, {
      field: type,
      named,
    });
  if (more.length > 0)
    throw new FlowFailure("receivable/ambiguous", `there are several: name ${type} by linear id`, {
      field: type,
      named,
      linearIds: items.map(({ state }) => state.linearId),
    });
  const [own] = await flow.states([first.ref]);
  if (own === undefined) throw new Error("a state of the vault is recorded");
  return { type, ref: own.ref, state: own.state as StatesOfType[T] };
}

/**
 * What a peer names by its linear id. One that the peer has no part in is unknown to it, so that
 * nobody finds out whose business is whose.
 * @throws FlowFailure `receivable/unknown`
 */
export async function findOfPeer<T extends StateType>(
  flow: FlowContext,
  type: T,
  { linearId, peer }: { linearId: string; peer: string },
): Promise<Held<T>> {
  const where = { linear_id: { _eq: linearId } };
  const { items } = await flow.query({
    contract: "receivable",
    type,
    where,
    limit: CANDIDATES_MAX,
  });
  const owns = await flow.states(items.map(({ ref }) => ref));
  const held = owns
    .map(({ ref, state }): Held<T> => ({ type, ref, state: state as StatesOfType[T] }))
    .find(({ state: { lender, assignor } }) => [lender.id, assignor.id].includes(peer as never));
  if (held === undefined)
    throw new FlowFailure("receivable/unknown", `this node has no ${type} ${linearId}`, {
      field: type,
      named: linearId,
    });
  return held;
}

/** Statuses of offers, receivables and notices that nothing follows. */
const ENDED = [
  ...["declined", "withdrawn", "expired"],
  ...["settled", "diluted", "repurchased", "recovered", "written-off"],
  "released",
];

/** Enough to tell which they are. */
const CANDIDATES_MAX = 8;

/** @throws FlowFailure `receivable/not-the-lender` */
export function assertLender(flow: FlowContext, { state }: Held<StateType>): void {
  assertRole(flow, state, "lender");
}

/** @throws FlowFailure `receivable/not-the-lender`, `receivable/not-the-assignor`, … */
export function assertRole(
  flow: FlowContext,
  state: StatesOfType[StateType],
  role: "lender" | "assignor" | "debtor",
): void {
  if (state[role].id === flow.self.id) return;
  throw new FlowFailure(NOT_THE[role], `only the ${role} may do this`, {
    invoice: state.invoiceNumber,
    [role]: state[role].name,
  });
}

const NOT_THE = {
  lender: "receivable/not-the-lender",
  assignor: "receivable/not-the-assignor",
  debtor: "receivable/not-the-debtor",
} as const;

/** From one state to the next. The command is added by whoever knows all of the transaction. */
export async function addChange<T extends StateType>(
  flow: FlowContext,
  builder: TransactionBuilder,
  { type, ref, state }: Held<T>,
  change: Partial<StatesOfType[T]>,
): Promise<void> {
  const governing = await flow.governing(receivableContract);
  builder.addInput(ref, governing);
  builder.addOutput(governing, type, { ...state, ...change } as never);
}

/** The lender's key to a state, and how a command lists it. */
export function ownerKey({ state }: Held<StateType>): ReturnType<typeof spendingKey> {
  return spendingKey(state.owner);
}
