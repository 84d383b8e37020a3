import { schemaToData, thresholdOf } from "@stateset/codec";
import { type AuthorityData, authorityDataSchema } from "../authority-rule.ts";
import type { AuthorityRule, Contract, StateUse } from "../contract/define-contract.ts";
import type { Bundle } from "./bundle.ts";

const ANY_NUMBER = 0xffff;

/** The bundle of a contract whose rules are compiled to the script given. */
export function bundleOf(contract: Contract, code: string): Bundle {
  return {
    format: 0,
    runtime: "quickjs-1",
    name: contract.name,
    version: contract.version,
    states: Object.entries(contract.states).map(([type, { schema, authority }]) => ({
      type,
      schema: schemaToData(schema),
      authority: authorityToData(authority),
    })),
    commands: Object.entries(contract.commands).map(([name, command]) => ({
      name,
      data: schemaToData(command.data),
      consumes: uses(command.consumes),
      creates: uses(command.creates),
      updates: Object.entries(command.updates ?? {}).map(([type, update]) => ({
        ...use(type, update as StateUse),
        changes: [...(update?.changes ?? [])],
        signedByNew: [...(update?.signedByNew ?? [])],
      })),
      claims: command.claims !== undefined,
    })),
    reads: [...(contract.reads ?? [])],
    rules: Object.entries(contract.rules).map(([code, text]) => ({ code, text })),
    code,
  };
}

function uses(of: { readonly [type: string]: StateUse | undefined } = {}) {
  return Object.entries(of).map(([type, states]) => use(type, states as StateUse));
}

function use(type: string, { min, max = ANY_NUMBER, signedBy = [] }: StateUse) {
  return { type, min, max, signedBy: [...signedBy] };
}

function authorityToData(rule: AuthorityRule): AuthorityData {
  if (rule.kind === "holder") return { kind: "holder", field: rule.field };
  const children = rule.children.map(({ weight, node }) => ({
    weight,
    node: authorityToData(node),
  }));
  return thresholdOf(authorityDataSchema, rule.threshold, children);
}
