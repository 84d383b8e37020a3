import { expect, test } from "vitest";
import { attach, ledgerFault } from "../../test/coin-network.ts";
import type { Bundle } from "./bundle.ts";

type Command = Bundle["commands"][number];
const commandOf = (bundle: Bundle, name: string) =>
  bundle.commands.find((command) => command.name === name) as Command;
const [bytes, bool] = [{ kind: "bytes", min: 0, max: 9 }, { kind: "bool" }] as const;

/** Each row makes one declaration of the fixture's bundle ambiguous, or one that cannot be met. */
test.each<[string, (bundle: Bundle) => unknown, string]>([
  ["a state type twice", (of) => of.states.push(of.states[0] as never), "state type coin"],
  ["a command twice", (of) => of.commands.push(of.commands[0] as never), "command issue"],
  ["a rule twice", (of) => of.rules.push(of.rules[0] as never), "rule conserved"],
  ["a contract read twice", (of) => of.reads.push("cash", "cash"), "contract read cash"],
  ["a contract that reads itself", (of) => of.reads.push("coin"), "contract read coin"],
  [
    "a type consumed twice by one command",
    (of) => commandOf(of, "move").consumes.push(commandOf(of, "move").consumes[0] as never),
    "command move: state type coin",
  ],
  [
    "a type updated twice by one command",
    (of) => commandOf(of, "amend").updates.push(commandOf(of, "amend").updates[0] as never),
    "command amend: state type deed",
  ],
  [
    "a type that is not a state's",
    (of) => Object.assign(commandOf(of, "close").consumes[0] as object, { type: "bond" }),
    "there is no state type bond",
  ],
  [
    "more at least than at most",
    (of) => Object.assign(commandOf(of, "close").consumes[0] as object, { min: 2 }),
    "at least 2 and at most 1 of deed",
  ],
  ["data of bytes", (of) => Object.assign(commandOf(of, "close"), { data: bytes }), "bytes as hex"],
  [
    "data that nests bytes",
    (of) => {
      const variants = [{ name: "a", fields: [{ name: "b", optional: true, schema: bytes }] }];
      const item = { kind: "union", variants } as const;
      Object.assign(commandOf(of, "close"), { data: { kind: "list", item, min: 0, max: 1 } });
    },
    "bytes as hex",
  ],
])("%s is refused", (_, change, reason) => {
  const fault = ledgerFault(() => attach((of) => void change(of)));
  expect(fault?.code).toBe("bundle/malformed");
  expect((fault as { reason: string }).reason).toContain(reason);
});

test("data without bytes, of any shape, is taken", () => {
  const fields = [{ name: "a", optional: false, schema: bool }];
  const data = { kind: "union", variants: [{ name: "x", fields }] } as const;
  const taken = () => attach((of) => void Object.assign(commandOf(of, "close"), { data }));
  expect(ledgerFault(taken)).toBeUndefined();
});
