import { type GuestData, loadProgram, type Program, runScript } from "@stateset/contract-vm";
import type { Report } from "./figure.ts";
import { measure } from "./measure.ts";

const NOTHING = "globalThis.contract = () => '';";

/** What the engine itself costs, whatever the contract: reset, input, instances, loading. */
export async function run(report: Report): Promise<void> {
  const program = load(NOTHING);
  report(await measure({ name: "call, no input", run: () => program.call(null) }));
  for (const states of [1, 10, 100, 1000]) {
    const input: GuestData = Array.from({ length: states }, (_, i) => state(i));
    const name = `call, input of ${states} small states`;
    report(await measure({ name, run: () => program.call(input) }));
  }
  report(await measure({ name: "call in a fresh instance", run: () => program.callFresh(null) }));
  report(await measure({ name: "load an empty contract", run: () => loadProgram(NOTHING) }));
  report(await measure({ name: "run an empty script", run: () => runScript("0") }));
}

function load(source: string): Program {
  const loaded = loadProgram(source);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  return loaded.program;
}

function state(i: number): GuestData {
  return {
    contract: "cash",
    type: "cash",
    state: { owner: "ab".repeat(32), amount: { minorUnits: BigInt(i), currency: "EUR" } },
  };
}
