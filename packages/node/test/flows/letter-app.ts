import { cashContract } from "@stateset/cash/contract";
import { hex, record, text } from "@stateset/codec/schema";
import {
  type App,
  acceptAndRecord,
  coreSession,
  defineApp,
  defineFlow,
  defineProtocol,
  defineResponder,
  type FlowContext,
  finalise,
  finalityMessages,
  wrappedKeysSchema,
} from "@stateset/flow/app";
import {
  decodeSignedTransaction,
  type PrivateComponent,
  type SignedTransaction,
} from "@stateset/ledger";
import { holderSchema } from "@stateset/ledger/contract";

const letterProtocol = defineProtocol({
  name: "letter/send",
  version: 1,
  messages: {
    announced: { from: "initiator", schema: record({}), repeatable: true },
    ready: {
      from: "responder",
      schema: record({ holder: holderSchema, encryptionKey: hex({ length: 32 }) }),
      repeatable: true,
    },
    keys: { from: "initiator", schema: record({ wrapped: wrappedKeysSchema }), repeatable: true },
    ...finalityMessages,
  },
});

/** Money with a letter that is for its receiver alone; all nodes of the process share it. */
export class Letters {
  /** What is written, which no flow's input says. */
  components: PrivateComponent[] = [];
  /** What receivers could read. */
  readonly received: PrivateComponent[][] = [];
  /** What becomes of the keys on their way. */
  changeKeys = (wrapped: { keyId: string; wrapped: Uint8Array }[]) => wrapped;

  app(): App {
    return defineApp({
      name: "letter",
      version: 1,
      description: "Sends letters along with cash",
      contract: { name: "letter", version: 1, states: {} },
      flows: [this.#send()],
      responders: [this.#receive()],
      tables: [],
    });
  }

  #send() {
    return defineFlow({
      name: "letter/send",
      description: "Issues cash of this node to a party, with a letter",
      input: record({ to: text({ max: 64 }) }),
      run: async (flow, { to }) => {
        const receiver = await flow.party(to);
        const session = await flow.open(letterProtocol, receiver.id);
        await session.send("announced", {});
        const { holder, encryptionKey } = await session.receive("ready");
        const written = await this.#write(flow, holder as never);
        const recipient = { party: receiver.id, encryptionKey };
        const { transaction, wrapped } = await flow.sealPrivate(written, [recipient]);
        await session.send("keys", { wrapped: this.changeKeys(wrapped[0] ?? []) });
        const signatures = await flow.sign(transaction, [{ kind: "identity" }]);
        const { id } = await finalise(flow, { transaction, signatures }, [coreSession(session)]);
        return { id };
      },
    });
  }

  #receive() {
    return defineResponder(letterProtocol, async (flow, session) => {
      await session.receive("announced");
      const holder = await flow.holder();
      await session.send("ready", { holder, encryptionKey: flow.encryptionKey() });
      const { wrapped } = await session.receive("keys");
      const message = await session.receive("transaction");
      const signed: SignedTransaction = decodeSignedTransaction(message.signed);
      const history = { peer: session.peer.id, tickets: message.tickets };
      const verified = await flow.verify(signed, { history });
      this.received.push(await flow.openPrivate(signed.transaction, wrapped));
      await acceptAndRecord(flow, coreSession(session), verified);
      return {};
    });
  }

  async #write(flow: FlowContext, owner: Awaited<ReturnType<FlowContext["holder"]>>) {
    const governing = await flow.governing(cashContract);
    const builder = await flow.build();
    const amount = { minorUnits: 100n, currency: "CHF" };
    builder.addOutput(governing, "cash", { issuer: flow.self, owner, amount } as never);
    builder.addCommand(governing, "issue", {}, [{ kind: "identity", identity: flow.self.id }]);
    for (const component of this.components) builder.addPrivate(component);
    return builder.build();
  }
}
