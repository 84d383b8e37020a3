import { optional, record, text, uint } from "@stateset/codec/schema";
import {
  type App,
  defineApp,
  defineFlow,
  defineProtocol,
  defineResponder,
  type FlowContext,
  FlowFailure,
} from "@stateset/flow/app";

export const askProtocol = defineProtocol({
  name: "talk/ask",
  version: 1,
  messages: {
    question: { from: "initiator", schema: record({ text: text({ max: 64 }) }) },
    answer: { from: "responder", schema: record({ text: text({ max: 64 }) }) },
    thanks: { from: "initiator", schema: record({}) },
  },
});

/** What a test makes flows do; all nodes of the process share it. */
export class Talk {
  /** Run by `talk/do`, and by whoever is asked to `do`. */
  act: (flow: FlowContext) => Promise<unknown> = async () => ({});
  /** The ids under which `talk/external` reached the other side. */
  readonly externals: string[] = [];
  /** Makes the next attempts of `talk/external` and of answers to `bug` fail, unexpectedly. */
  bugs = 0;
  times = 0;

  /** As a bug that passes: wrong so many times. */
  stumble(): void {
    this.times++;
    if (this.bugs-- > 0) throw new TypeError("undefined is not what it should be");
  }

  app(version = 1): App {
    return defineApp({
      name: "talk",
      version,
      description: "Flows that do what a test wants",
      contract: { name: "talk", version: 1, states: {} },
      flows: [this.#echo(), this.#ask(), this.#do(), this.#external(), this.#nap()],
      responders: [this.#answer()],
      tables: [],
    });
  }

  #echo() {
    return defineFlow({
      name: "talk/echo",
      description: "Gives back what it is given",
      input: record({ text: text({ max: 64 }), times: optional(uint({ max: 3 })) }),
      run: async (flow, { text: said }) => {
        this.times++;
        return { text: said, at: await flow.now() };
      },
    });
  }

  #ask() {
    return defineFlow({
      name: "talk/ask",
      description: "Asks a party",
      input: record({
        to: text({ max: 256 }),
        text: text({ max: 64 }),
        timeoutMs: optional(uint()),
      }),
      async run(flow, { to, text: question, timeoutMs }) {
        const party = await flow.party(to);
        const session = await flow.open(askProtocol, party.id);
        await session.send("question", { text: question });
        const options = timeoutMs === undefined ? {} : { timeoutMs };
        const answer = await session.receive("answer", options);
        await session.send("thanks", {});
        return answer;
      },
    });
  }

  #answer() {
    return defineResponder(askProtocol, async (flow, session) => {
      const { text: question } = await session.receive("question");
      if (question === "refuse")
        throw new FlowFailure("talk/refused", "no answer to that", { question, big: 7n });
      if (question === "bug") this.stumble();
      if (question === "do") await this.act(flow);
      // What reaches out of the node is durable before it does; what only waits need not be.
      if (question === "silence") await flow.external("noted", async () => ({}));
      if (question === "silence" || question === "hush") await session.receive("thanks");
      await session.send("answer", { text: `${question}!` });
      await session.receive("thanks");
      return { question };
    });
  }

  #do() {
    return defineFlow({
      name: "talk/do",
      description: "Does what the test says",
      input: record({}),
      run: async (flow) => await this.act(flow),
    });
  }

  #external() {
    return defineFlow({
      name: "talk/external",
      description: "Reaches out of the node",
      input: record({}),
      run: async (flow) => {
        const first = await flow.external("first", async (id) => {
          this.externals.push(id);
          this.stumble();
          return { id };
        });
        return { first, second: flow.uuid() };
      },
    });
  }

  #nap() {
    return defineFlow({
      name: "talk/nap",
      description: "Sleeps",
      input: record({ ms: uint() }),
      run: async (flow, { ms }) => {
        const began = await flow.now();
        await flow.sleep(ms);
        return { slept: (await flow.now()) - began };
      },
    });
  }
}
