import { VmContractRunner } from "@stateset/contract-vm";
import { contractInput, verifyTransaction, verifyWithoutRules } from "@stateset/ledger";
import type { TestTransaction } from "@stateset/testing";
import type { Report } from "./figure.ts";
import { measure } from "./measure.ts";
import { verificationCases } from "./verification-cases.ts";

/**
 * How many transactions one core verifies. "contract" is what contracts cost: input encoded, VM
 * reset, rules run, once for each contract. "whole" is all of it, signatures included.
 */
export async function run(report: Report): Promise<void> {
  const { ledger, cashMove, invoicePayment, invoiceIssue } = await verificationCases();
  const runner = new VmContractRunner();
  const cases: [string, TestTransaction][] = [
    ["cash move, 4 states", cashMove],
    ["invoice payment, 5 states", invoicePayment],
    ["invoice issue, 8 lines", invoiceIssue(8)],
    ["invoice issue, 80 lines", invoiceIssue(80)],
    ["invoice issue, 800 lines", invoiceIssue(800)],
  ];
  for (const [name, described] of cases) {
    const signed = described.sign();
    const { context } = ledger;
    const checked = verifyWithoutRules(signed, context);
    const { commands, bundles, contents, parameters } = checked;
    const runs = commands.map((command) => {
      const bundle = bundles.get(command.contract);
      if (bundle === undefined) throw new Error(`no bundle for ${command.contract}`);
      return { bundle, command };
    });
    const runContracts = () => {
      for (const { bundle, command } of runs) {
        const input = contractInput(command, checked, contents, bundle.bundle.reads);
        runner.run(bundle, input, parameters.vm);
      }
    };
    report(await measure({ name: `contract: ${name}`, run: runContracts }));
    report(
      await measure({ name: `whole: ${name}`, run: () => verifyTransaction(signed, context) }),
    );
  }
}
