import { record, text } from "@stateset/codec/schema";
import {
  type App,
  type CoreSession,
  defineApp,
  defineFlow,
  defineResponder,
  type FlowContext,
} from "@stateset/flow/app";
import { type CommandSigner, type TransactionBuilder, transactionId } from "@stateset/ledger";
import { installed } from "../flows/memory-nodes.ts";
import type { TradeNodes } from "./trade-nodes.ts";

type Tampering = {
  /** Adds to a transaction before the flow adds what it should. */
  begins?: (builder: TransactionBuilder, flow: FlowContext) => Promise<void> | void;
  /** Makes another state of one that goes into a transaction. */
  output?: (type: string, state: Record<string, unknown>) => Record<string, unknown>;
  /** Makes another message of one that is sent. */
  says?: (message: string, content: Record<string, unknown>) => Record<string, unknown>;
  /** Lists more signers under a command. */
  signers?: (command: string) => CommandSigner[];
  /** What `mischief/own` does, which no honest flow does. */
  runs?: (flow: FlowContext) => Promise<unknown>;
  /** Answers in place of the honest responder to a protocol. */
  answers?: Record<string, (flow: FlowContext, session: CoreSession) => Promise<unknown>>;
};

/**
 * The honest flows, at a node that changes what they build and say, and does not check its own
 * transactions: what it gets through is what the others do not notice.
 */
export class Mischief {
  how: Tampering = {};

  /** Installs it at one node: `tampered` runs any flow there by its name, and `own` none of them. */
  async installAt(trade: TradeNodes, trader: string): Promise<void> {
    const { nodes } = trade;
    const apps = [...nodes.apps];
    const honest = apps.map(({ app }) => app);
    const answering = apps.map((each) => ({ ...each, app: this.#answering(each.app) }));
    nodes.apps = [...answering, installed(this.#app(honest))];
    await trade.node(trader).stop();
    await trade.node(trader).restart();
    nodes.apps = apps;
  }

  #app(honest: readonly App[]): App {
    const flows = honest.flatMap((app) => app.flows);
    const tampered = defineFlow({
      name: "mischief/tampered",
      description: "Runs an honest flow otherwise",
      input: record({ flow: text({ max: 64 }), input: text({ max: 1 << 22 }) }),
      run: async (flow, { flow: name, input }) => {
        const found = flows.find((each) => each.name === name);
        if (found === undefined) throw new Error(`no flow ${name}`);
        return await found.run(this.#over(flow), parsed(input) as never);
      },
    });
    const own = defineFlow({
      name: "mischief/own",
      description: "Does what no honest flow does",
      input: record({}),
      run: async (flow) => (await this.how.runs?.(this.#over(flow))) ?? {},
    });
    return defineApp({
      name: "mischief",
      version: 2,
      description: "Does what the honest apps do, and something else",
      contract: { name: "mischief", version: 1, states: {} },
      flows: [tampered, own],
      responders: [],
      tables: [],
    });
  }

  /** The app with its responders, unless there is another answer, and with what they say changed. */
  #answering(app: App): App {
    const responders = app.responders.map(({ protocol, run }) =>
      defineResponder(protocol, async (flow, session) => {
        const answer = this.how.answers?.[protocol.name];
        const changed = this.#session(session);
        if (answer === undefined) return await run(flow, changed);
        return await answer(this.#over(flow), changed as unknown as CoreSession);
      }),
    );
    return { ...app, responders };
  }

  #over(flow: FlowContext): FlowContext {
    const own: Partial<Record<keyof FlowContext, unknown>> = {
      build: async (options: object) => {
        const builder = await flow.build(options);
        await this.how.begins?.(builder, flow);
        return this.#builder(builder);
      },
      open: async (...args: Parameters<FlowContext["open"]>) =>
        this.#session(await flow.open(...args)),
      call: async (each: { run(on: FlowContext, input: unknown): unknown }, input: unknown) =>
        await each.run(this.#over(flow), input),
      verify: async (...args: Parameters<FlowContext["verify"]>) =>
        await flow.verify(...args).catch(() => ({
          ...{ id: transactionId(args[0].transaction), missing: [] },
          ...{ inputs: [], outputs: [], contents: { commands: [], timeWindow: {} } },
        })),
    };
    return extended(flow, own);
  }

  #builder(builder: TransactionBuilder): TransactionBuilder {
    return extended(builder, {
      addOutput: (governing: never, type: never, state: never) =>
        builder.addOutput(governing, type, (this.how.output?.(type, state) ?? state) as never),
      addCommand: (governing: never, name: string, data: never, signers: CommandSigner[]) => {
        const listed = [...signers, ...(this.how.signers?.(name) ?? [])];
        return builder.addCommand(governing, name as never, data, listed);
      },
    });
  }

  #session<S extends object>(session: S): S {
    const { send } = session as { send?: (message: string, content: unknown) => Promise<void> };
    return extended(session, {
      send: async (message: string, content: Record<string, unknown>) =>
        await send?.call(session, message, this.how.says?.(message, content) ?? content),
    });
  }
}

/** The object with some members of its own; all else is the object's. */
function extended<T extends object>(object: T, own: object): T {
  return new Proxy(object, {
    get(target, name) {
      if (Object.hasOwn(own, name)) return Reflect.get(own, name);
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** As JSON has flows' inputs; documents and amounts are as their schemas have them. */
function parsed(input: string): unknown {
  return JSON.parse(input, (key, value: unknown) => {
    if (key === "document") return Buffer.from(String(value), "base64");
    const isAmount = key === "amount" || key === "minorUnits";
    return isAmount && typeof value === "string" ? BigInt(value) : value;
  });
}
