import pg from "pg";
import type { Report } from "./figure.ts";
import { PaymentNetwork } from "./payment/payment-network.ts";

/** Payments that both companies have behind them when they are measured. */
const FIRST = 2_000;
const GROWN = [10 * FIRST, 100 * FIRST];

/** 64 payments in flight on databases of 1, 10 and 100 times the size. */
export async function run(report: Report): Promise<void> {
  const network = await PaymentNetwork.start("one");
  try {
    const at = { inFlight: 64, n: FIRST };
    await network.measure(`after ${FIRST}`, at, report);
    for (const size of GROWN) {
      for (const name of ["payer", "payee"]) await grow(network.party(name).databaseUrl, size);
      await network.restart();
      await network.measure(`after ${size}`, at, report);
    }
    network.reportMemory(report);
  } finally {
    await network.remove();
  }
}

/**
 * Fills a database up to so many transactions with copies of those that are there, each with its
 * state and its ended flow: of the copied states every tenth is unconsumed. They are of a currency
 * that nobody pays with, since what created them is not what their id says.
 */
async function grow(databaseUrl: string, size: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query("select count(*)::int4 as found from ledger.transactions");
  await client.query("begin");
  await client.query(COPIES, [Math.max(0, size - rows[0].found)]);
  for (const statement of [TRANSACTIONS, STATES, COINS, FLOWS]) await client.query(statement);
  await client.query("commit");
  await client.query("vacuum analyze");
  await client.end();
}

const COPIES = `create temporary table copies on commit drop as
  select i, sha256(convert_to(gen_random_uuid()::text || i, 'UTF8')) as id
  from generate_series(1, $1::int4) i`;
const TRANSACTIONS = `insert into ledger.transactions
  select copies.id, t.signed, t.receipt, t.notarised_at, t.recorded_at
  from copies, (select * from ledger.transactions order by recorded_at desc limit 1) t`;
const STATES = `insert into vault.states (tx_id, index, contract, type, state, participants, is_ours,
    bundle, notarised_at, recorded_at, consumed_by, consumed_at, coin_kind, coin_quantity)
  select copies.id, 0, s.contract, s.type, s.state, s.participants, s.is_ours, s.bundle,
    s.notarised_at, s.recorded_at, case when i % 10 > 0 then copies.id end,
    case when i % 10 > 0 then s.recorded_at end, replace(s.coin_kind, 'CHF', 'EUR'), 1
  from copies, (select * from vault.states order by position desc limit 1) s`;
const COINS = `insert into vault.cash_cash
  select copies.id, 0, c.issuer_id, c.issuer_name, c.owner_id, c.currency, 1
  from copies, (select * from vault.cash_cash limit 1) c`;
const FLOWS = `insert into flow.flows (id, flow, bundle, status, input, started_by, initiator, result,
    started_at, ended_at)
  select gen_random_uuid(), f.flow, f.bundle, f.status, f.input, f.started_by, f.initiator, f.result,
    f.started_at, f.ended_at
  from copies, (select * from flow.flows where status = 'COMPLETED' limit 1) f`;
