import { encode, toHex } from "@stateset/codec";
import { receiptSchema, transactionId } from "@stateset/ledger";
import { EmbeddedNotary, type NotaryStore, openNotaryStore } from "@stateset/notary";
import { NotaryFixture } from "@stateset/testing";
import { ManualClock, memberSet, optionsOf } from "./notary-subject.ts";

/**
 * Run by the test of kill -9: notarises the same transactions in every run, prints the receipts of
 * the moves, and kills itself just before or after a write. Its clock is ahead by what is given, so
 * that a block made twice would show.
 */
const [connectionString = "", when = "never", killedAt = "0", aheadMs = "0"] =
  process.argv.slice(2);
const COINS = 4;

const store = await openNotaryStore({ connectionString });
let writes = 0;
const killing: NotaryStore = {
  tip: () => store.tip(),
  lookup: (query) => store.lookup(query),
  block: (height) => store.block(height),
  close: () => store.close(),
  async append(block) {
    writes++;
    const isLast = writes === Number(killedAt);
    if (isLast && when === "before") process.kill(process.pid, "SIGKILL");
    await store.append(block);
    if (isLast && when === "after") process.kill(process.pid, "SIGKILL");
  },
};

const clock = new ManualClock();
const fixture = await NotaryFixture.start(
  async (map) => ({
    notary: await EmbeddedNotary.open(optionsOf(map, killing, clock)),
    memberSets: [memberSet],
    now: () => clock.now(),
    advance: async (ms) => clock.advance(ms),
  }),
  "kill",
);
clock.advance(Number(aheadMs));
for (let coin = 0; coin < COINS; coin++) {
  const move = fixture.move(await fixture.coin());
  const answer = await fixture.notarise(move);
  if (answer.kind === "refused") throw new Error(answer.fault.kind);
  const receipt = toHex(encode(receiptSchema, answer.receipt));
  process.stdout.write(`${transactionId(move.transaction)} ${receipt}\n`);
}
await store.close();
