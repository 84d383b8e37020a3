import type { InstalledApp } from "../app/installed-app.ts";
import type { FlowDefinition, ResponderDefinition } from "../flow-context.ts";
import { type FlowDescription, FlowError } from "../flow-service.ts";
import type { FlowRecord } from "../ports/store.ts";

type Registered<T> = { definition: T; bundle: string };

/**
 * The flows of all installed apps. New flows run the newest version of their app; a journal goes on
 * under the version that began it.
 */
export class FlowRegistry {
  readonly #newest = new Map<string, Registered<FlowDefinition>>();
  readonly #flows = new Map<string, FlowDefinition>();
  readonly #responders = new Map<string, Registered<ResponderDefinition>>();
  readonly #respondersOf = new Map<string, ResponderDefinition>();
  readonly #descriptions = new Map<string, FlowDescription>();

  constructor(apps: readonly InstalledApp[]) {
    for (const { app, hash } of [...apps].sort((a, b) => a.app.version - b.app.version)) {
      for (const flow of app.flows) {
        const definition: FlowDefinition = flow;
        const { name, description, input } = definition;
        this.#newest.set(name, { definition, bundle: hash });
        this.#flows.set(`${hash} ${name}`, definition);
        this.#descriptions.set(name, { name, description, app: app.name, input });
      }
      for (const each of app.responders) {
        const definition: ResponderDefinition = each;
        const { name, version } = definition.protocol;
        this.#responders.set(`${name} ${version}`, { definition, bundle: hash });
        this.#respondersOf.set(`${hash} ${name} ${version}`, definition);
      }
    }
  }

  get descriptions(): FlowDescription[] {
    return [...this.#descriptions.values()];
  }

  /** @throws FlowError `flow/unknown` */
  newest(flow: string): Registered<FlowDefinition> {
    const found = this.#newest.get(flow);
    if (found !== undefined) return found;
    const known = [...this.#newest.keys()].sort();
    throw new FlowError({ code: "flow/unknown", flow, known });
  }

  responder(protocol: {
    name: string;
    version: number;
  }): Registered<ResponderDefinition> | undefined {
    return this.#responders.get(`${protocol.name} ${protocol.version}`);
  }

  /**
   * The code that a stored flow began under.
   * @throws FlowError `flow/unknown-bundle` where that version is not installed any more
   */
  of(record: FlowRecord): FlowDefinition | ResponderDefinition {
    const { flow, bundle, initiator } = record;
    const key = `${bundle} ${flow}`;
    const found =
      initiator === undefined
        ? this.#flows.get(key)
        : this.#respondersOf.get(`${key} ${protocolVersion(record)}`);
    if (found !== undefined) return found;
    throw new FlowError({ code: "flow/unknown-bundle", flow, bundle });
  }
}

/** Which version of its protocol a responder speaks: its input says, if it can be read. */
export function protocolVersion({ input }: FlowRecord): number {
  if (input === "") return 0;
  return (JSON.parse(input) as { version?: number } | null)?.version ?? 0;
}
