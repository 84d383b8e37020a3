import { setTimeout as sleep } from "node:timers/promises";

/** A state as a vault gives it. */
export type HeldState = {
  ref: { txId: string; index: number };
  status: "unconsumed" | "consumed";
  consumedBy?: string;
  state: Record<string, unknown>;
};

/** What is asked of a party's node. */
export type ReconciledNode = {
  name: string;
  identity: string;
  /** All states of a type that it holds; of `isOurs`, those that it may spend. */
  states(
    type: string,
    query: { status: "unconsumed" | "all"; isOurs?: true },
  ): Promise<HeldState[]>;
  /** The inputs of flows of a name that completed here; not of those that answered a peer's. */
  completedInputs(flow: string): Promise<unknown[]>;
  /** Flows that run, wait, or are held for a person. */
  unfinished(): Promise<{ flow: string; flowId: string; status: string }[]>;
  /** With flows of peers: they end when the last message was delivered. */
  openSessions(): Promise<number>;
};

/** A kind of state that several parties hold, and whose identities in it hold it. */
type Shared = { type: string; holders: (state: Record<string, unknown>) => string[] };

const SHARED: readonly Shared[] = [
  {
    type: "invoice/invoice",
    holders: ({ seller, buyer, owner }) => [id(seller), id(buyer), identity(owner)],
  },
  { type: "receivable/offer", holders: ({ lender, assignor }) => [id(lender), id(assignor)] },
  { type: "receivable/receivable", holders: ({ lender, assignor }) => [id(lender), id(assignor)] },
  {
    type: "receivable/notice",
    holders: ({ lender, assignor, debtor }) => [id(lender), id(assignor), id(debtor)],
  },
];

/** What parties were asked and whether they say the same. */
export type ReconciledRow = {
  what: string;
  /** The parties that hold it, by name. */
  parties: string[];
  /** How much of it there is: states, or an amount in minor units. */
  found: string;
  differences: string[];
};

/** Minor units by party and currency. */
export type Balances = Record<string, Record<string, bigint>>;

export type Reconciliation = { rows: ReconciledRow[]; balances: Balances; differences: string[] };

/** Parties that need not sign a transaction are told of it, and nobody waits for them. */
const SETTLED_MAX_MS = 20_000;
const LOOK_AGAIN_MS = 50;

/**
 * Compares the vaults of all parties by query, until they agree or the time is over: every shared
 * state is known to each that holds it, with the same status; the cash in their hands is what was
 * issued; and no flow is unfinished, nor any message undelivered.
 */
export async function reconcile(
  nodes: readonly ReconciledNode[],
  { waitMs = SETTLED_MAX_MS } = {},
): Promise<Reconciliation> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const found = await compare(nodes);
    if (found.differences.length === 0 || performance.now() > deadline) return found;
    await sleep(LOOK_AGAIN_MS);
  }
}

async function compare(nodes: readonly ReconciledNode[]): Promise<Reconciliation> {
  // What is under way could still change what the other questions find.
  const unfinished = await nothingUnfinished(nodes);
  const shared = await Promise.all(SHARED.map((kind) => sharedStates(kind, nodes)));
  const balances = await balancesOf(nodes);
  const rows = [...shared, ...(await cashRows(balances, nodes)), unfinished];
  return { rows, balances, differences: rows.flatMap(({ differences }) => differences) };
}

type Views = Map<string, HeldState>;

async function sharedStates(
  { type, holders }: Shared,
  nodes: readonly ReconciledNode[],
): Promise<ReconciledRow> {
  const views = new Map<ReconciledNode, Views>();
  for (const node of nodes) {
    const states = await node.states(type, { status: "all" });
    views.set(node, new Map(states.map((held) => [refText(held), held])));
  }
  const differences: string[] = [];
  const current = new Set<string>();
  const parties = new Set<string>();
  for (const [ref, { held, by }] of everyState(views)) {
    const statuses = by.map((node) => statusOf(views.get(node)?.get(ref)));
    if (new Set(statuses).size > 1)
      differences.push(
        `${type} ${ref}: ${by.map((node, i) => `${node.name} has it ${statuses[i]}`).join(", ")}`,
      );
    if (held.status === "consumed") continue;
    current.add(ref);
    for (const node of nodes.filter((each) => holders(held.state).includes(each.identity))) {
      parties.add(node.name);
      if (!by.includes(node)) differences.push(`${type} ${ref}: ${node.name} does not have it`);
    }
  }
  return { what: type, parties: [...parties], found: `${current.size}`, differences };
}

/** Every state that anybody has, and who has it; unconsumed where anybody says so. */
function everyState(
  views: ReadonlyMap<ReconciledNode, Views>,
): Map<string, { held: HeldState; by: ReconciledNode[] }> {
  const all = new Map<string, { held: HeldState; by: ReconciledNode[] }>();
  for (const [node, states] of views)
    for (const [ref, held] of states) {
      const known = all.get(ref) ?? { held, by: [] };
      known.by.push(node);
      if (held.status === "unconsumed") known.held = held;
      all.set(ref, known);
    }
  return all;
}

async function balancesOf(nodes: readonly ReconciledNode[]): Promise<Balances> {
  const balances: Balances = {};
  for (const node of nodes) {
    const coins = await node.states("cash/cash", { status: "unconsumed", isOurs: true });
    balances[node.name] = sumByCurrency(coins.map(({ state }) => state.amount));
  }
  return balances;
}

/** For each currency: what the parties have, and what was issued to them and not redeemed. */
async function cashRows(
  balances: Balances,
  nodes: readonly ReconciledNode[],
): Promise<ReconciledRow[]> {
  const issued = await sumOfFlows(nodes, "cash/issue");
  const redeemed = await sumOfFlows(nodes, "cash/redeem");
  const held = Object.values(balances);
  const currencies = new Set([issued, ...held].flatMap((each) => Object.keys(each)));
  return [...currencies].sort().map((currency) => {
    const has = held.reduce((sum, each) => sum + (each[currency] ?? 0n), 0n);
    const owed = (issued[currency] ?? 0n) - (redeemed[currency] ?? 0n);
    const what = `cash in ${currency}`;
    const differences =
      has === owed ? [] : [`${what}: parties have ${has} minor units, issued were ${owed}`];
    const parties = nodes.filter(({ name }) => (balances[name]?.[currency] ?? 0n) > 0n);
    return { what, parties: parties.map(({ name }) => name), found: `${has}`, differences };
  });
}

async function sumOfFlows(nodes: readonly ReconciledNode[], flow: string) {
  const inputs = (await Promise.all(nodes.map((node) => node.completedInputs(flow)))).flat();
  return sumByCurrency(inputs.map((input) => (input as { amount?: unknown }).amount));
}

async function nothingUnfinished(nodes: readonly ReconciledNode[]): Promise<ReconciledRow> {
  const differences: string[] = [];
  for (const node of nodes) {
    const [flows, sessions] = await Promise.all([node.unfinished(), node.openSessions()]);
    for (const { flow, flowId, status } of flows)
      differences.push(`${node.name}: ${flow} ${flowId} is ${status}`);
    if (sessions !== 0) differences.push(`${node.name}: ${sessions} sessions have not ended`);
  }
  const parties = nodes.map(({ name }) => name);
  return {
    what: "flows and messages under way",
    parties,
    found: `${differences.length}`,
    differences,
  };
}

function sumByCurrency(amounts: readonly unknown[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const each of amounts) {
    const { minorUnits, currency } = each as { minorUnits: string; currency: string };
    sums[currency] = (sums[currency] ?? 0n) + BigInt(minorUnits);
  }
  return sums;
}

function statusOf(held: HeldState | undefined): string {
  return held?.consumedBy === undefined
    ? (held?.status ?? "missing")
    : `${held.status} by ${held.consumedBy}`;
}

function refText({ ref: { txId, index } }: HeldState): string {
  return `${txId}:${index}`;
}

function id(party: unknown): string {
  return (party as { id: string }).id;
}

function identity(holder: unknown): string {
  return (holder as { identity: string }).identity;
}
