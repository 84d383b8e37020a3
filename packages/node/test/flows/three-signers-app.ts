import { choice, optional, record, text } from "@stateset/codec/schema";
import {
  type App,
  awaitFinal,
  checkAndSign,
  collectSignatures,
  coreSession,
  defineApp,
  defineFlow,
  defineProtocol,
  defineResponder,
  type FlowContext,
  FlowFailure,
  inform,
  informMessages,
  notariseAndRecord,
  recordInformed,
  type Session,
  signatureMessages,
  spendingKey,
} from "@stateset/flow/app";
import {
  encodeSignedTransaction,
  type Receipt,
  type SignedTransaction,
  type Transaction,
  type VerifiedTransaction,
} from "@stateset/ledger";
import type { ContractApp } from "./memory-nodes.ts";
import { type Pact, pactContract } from "./pact/contract/index.ts";

const signProtocol = defineProtocol({
  name: "pact/sign",
  version: 1,
  messages: signatureMessages,
});
const toldProtocol = defineProtocol({ name: "pact/told", version: 1, messages: informMessages });

type Signer = Session<typeof signProtocol, "initiator">;
type CoreSigner = ReturnType<typeof coreSession>;
type Keys = Parameters<FlowContext["sign"]>[1];
type Names = { second: string; third: string; witness: string };

const name = text({ max: 64 });
const identity = { kind: "identity" } as const;

/** Whether all is done as it should be, or what the initiator does instead. */
const how = choice(
  "properly",
  "without handing out",
  "handing out too few",
  "handing out what does not hold",
  "handing out late",
  "telling who refused",
  "recording what is partly verified",
);

/** What a test makes the parties of pacts do; all nodes of the process share it. */
export class ThreeSigners {
  /** Asked of whoever signs, and of whoever is told. */
  agree: (flow: FlowContext, verified: VerifiedTransaction) => void | Promise<void> = () => {};
  /** Holds the initiator back from handing out late. */
  late: Promise<unknown> = Promise.resolve();

  get contractApp(): ContractApp {
    return { app: this.#app(), folder: new URL("pact", import.meta.url).pathname };
  }

  #app(): App {
    return defineApp({
      name: "pact",
      version: 1,
      description: "What three sign, and a fourth is told of",
      contract: pactContract,
      flows: [this.#make(), this.#renew(), this.#annotate()],
      responders: [this.#sign(), this.#told()],
      tables: [
        {
          contract: "pact",
          type: "pact",
          version: 1,
          columns: [{ name: "note", type: "text", path: "note" }],
          participants: ["first", "second", "third", "witness"],
          owner: "owner",
        },
      ],
    });
  }

  #make() {
    return defineFlow({
      name: "pact/make",
      description: "Makes a pact",
      input: record({ second: name, third: name, witness: name, how: optional(how) }),
      run: async (flow, { how: done = "properly", ...names }) => {
        const [second, third, witness] = await partiesOf(flow, names);
        const governing = await flow.governing(pactContract);
        const builder = await flow.build({ isDated: true });
        const linearId = Buffer.from(flow.random(16)).toString("hex");
        const parties = { first: flow.self, second, third, witness };
        const owner = await flow.holder();
        builder.addOutput(governing, "pact", { linearId, ...parties, note: "made", owner });
        builder.addCommand(governing, "make", {}, signersOf(parties));
        return await this.#carryThrough(flow, builder.build(), [identity], { ...parties, done });
      },
    });
  }

  #renew() {
    return defineFlow({
      name: "pact/renew",
      description: "Changes the note of the only pact, by all three",
      input: record({ note: name }),
      run: async (flow, { note }) => {
        const { pact, builder, governing, owner } = await spendPact(flow, note);
        builder.addCommand(governing, "renew", {}, [owner.signer, ...signersOf(pact)]);
        const keys = [owner.ref, identity];
        return await this.#carryThrough(flow, builder.build(), keys, {
          ...pact,
          done: "properly",
        });
      },
    });
  }

  #annotate() {
    return defineFlow({
      name: "pact/annotate",
      description: "Changes the note of the only pact, by the first party; tells those named",
      input: record({ note: name, told: text({ max: 256 }), asked: optional(choice("yes")) }),
      run: async (flow, { note, told, asked }) => {
        const { pact, builder, governing, owner } = await spendPact(flow, note);
        builder.addCommand(governing, "annotate", {}, [owner.signer]);
        const transaction = builder.build();
        const ours = { transaction, signatures: await flow.sign(transaction, [owner.ref]) };
        // Nobody needs their signatures.
        const signers = asked === "yes" ? [pact.second, pact.third] : [];
        const sessions: CoreSigner[] = [];
        for (const { id } of signers) sessions.push(coreSession(await flow.open(signProtocol, id)));
        const signed = await collectSignatures(flow, ours, sessions);
        const { id } = await flow.verify(signed);
        const receipt = await notariseAndRecord(flow, { id, signed }, sessions);
        for (const each of told.split(",").filter((party) => party !== ""))
          await tell(flow, (await flow.party(each)).id, { signed, receipt });
        return { id };
      },
    });
  }

  async #carryThrough(
    flow: FlowContext,
    transaction: Transaction,
    keys: Keys,
    on: Pick<Pact, "second" | "third" | "witness"> & { done: string },
  ): Promise<{ id: string }> {
    const ours = { transaction, signatures: await flow.sign(transaction, keys) };
    const sessions: Signer[] = [];
    for (const { id } of [on.second, on.third]) sessions.push(await flow.open(signProtocol, id));
    if (on.done !== "properly") return await this.#misbehave(flow, ours, sessions, on.done);
    const signed = await collectSignatures(flow, ours, sessions.map(coreSession));
    const { id } = await flow.verify(signed);
    const receipt = await notariseAndRecord(flow, { id, signed }, sessions.map(coreSession));
    await tell(flow, on.witness.id, { signed, receipt });
    return { id };
  }

  /** As an initiator that gathers all signatures, and keeps some for itself. */
  async #misbehave(
    flow: FlowContext,
    ours: SignedTransaction,
    sessions: readonly Signer[],
    done: string,
  ): Promise<{ id: string }> {
    const { transaction } = ours;
    const [second, third] = sessions;
    if (done === "telling who refused") return await this.#tellRefusers(flow, ours, sessions);
    if (done === "recording what is partly verified") {
      const { id } = await flow.verify(ours, { isPartial: true });
      await flow.record(id, await flow.notarise(ours));
      return { id };
    }
    let { signatures } = ours;
    for (const session of sessions) {
      const gathered = encodeSignedTransaction({ transaction, signatures });
      await session.send("proposal", { signed: gathered, tickets: [] });
      const answer = await session.receive("signature");
      signatures = [...signatures, ...answer.signatures];
    }
    const signed = { transaction, signatures };
    const { id } = await flow.verify(signed);
    if (done === "handing out too few")
      await second?.send("signed", { signatures: [...signatures.slice(0, -1)] });
    if (done === "handing out what does not hold") {
      const [first, ...others] = signatures;
      if (first?.by.kind !== "ed25519") throw new Error("another kind of signature");
      const broken = `00${first.by.signature.slice(2)}`;
      const by = { ...first.by, signature: broken };
      await second?.send("signed", { signatures: [{ ...first, by }, ...others] });
    }
    const receipt = await flow.notarise(signed);
    await third?.send("final", { receipt });
    await flow.record(id, receipt);
    if (done === "handing out late") {
      await flow.external("late", async () => {
        await this.late;
        return {};
      });
      await second?.send("signed", { signatures: [...signatures] });
      await second?.send("final", { receipt });
    }
    return { id };
  }

  /** Asks each to sign, has the transaction notarised without them, and tells them that it was. */
  async #tellRefusers(
    flow: FlowContext,
    { transaction, signatures }: SignedTransaction,
    sessions: readonly Signer[],
  ): Promise<{ id: string }> {
    let signed: SignedTransaction = { transaction, signatures };
    for (const session of sessions) {
      await session.send("proposal", { signed: encodeSignedTransaction(signed), tickets: [] });
      const answer = await session.receive("signature").catch(() => ({ signatures: [] }));
      signed = { transaction, signatures: [...signed.signatures, ...answer.signatures] };
    }
    const receipt = await flow.notarise(signed);
    for (const { peer } of sessions) await tell(flow, peer.id, { signed, receipt });
    return { id: flow.id };
  }

  #sign() {
    return defineResponder(signProtocol, async (flow, session) => {
      const { id } = await checkAndSign(flow, coreSession(session), {
        keys: [identity],
        agree: async (verified) => {
          await this.agree(flow, verified);
          return verified.contents.inputs;
        },
      });
      await awaitFinal(flow, coreSession(session), id);
      return { id };
    });
  }

  #told() {
    return defineResponder(toldProtocol, async (flow, session) => {
      const agree = (verified: VerifiedTransaction) => this.agree(flow, verified);
      const { id } = await recordInformed(flow, coreSession(session), agree);
      return { id };
    });
  }
}

/** For a test's `agree`: this party does not. */
export function refuse(): never {
  throw new FlowFailure("pact/refused", "not with this party");
}

async function tell(
  flow: FlowContext,
  party: Pact["witness"]["id"],
  what: { signed: SignedTransaction; receipt: Receipt },
): Promise<void> {
  await inform(flow, what, [coreSession(await flow.open(toldProtocol, party))]);
}

async function partiesOf(flow: FlowContext, { second, third, witness }: Names) {
  return [await flow.party(second), await flow.party(third), await flow.party(witness)] as const;
}

function signersOf({ first, second, third }: Pick<Pact, "first" | "second" | "third">) {
  return [first, second, third].map(({ id }) => ({ kind: "identity" as const, identity: id }));
}

async function spendPact(flow: FlowContext, note: string) {
  const { items } = await flow.query({ contract: "pact", type: "pact", isOurs: true });
  const [state] = await flow.states(items.map(({ ref }) => ref));
  if (state === undefined) throw new FlowFailure("pact/none", "there is no pact");
  const pact = state.state as Pact;
  const governing = await flow.governing(pactContract);
  const builder = await flow.build();
  builder.addInput(state.ref, governing);
  builder.addOutput(governing, "pact", { ...pact, note });
  return { pact, builder, governing, owner: spendingKey(pact.owner) };
}
