import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../../../..");
const STATESET = join(ROOT, "packages/node/bin/stateset.mjs");
const SAMPLES = join(ROOT, "samples");
const SAMPLE = join(SAMPLES, "invoice-eur-standard.xml");
const cwd = mkdtempSync(join(tmpdir(), "stateset-demo-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Runs a command to its end as a user would, in a folder of its own. */
function stateset(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [STATESET, ...args], {
    cwd,
    encoding: "utf8",
  });
  return { status, stdout, stderr, json: () => JSON.parse(stdout) };
}

type Line = Record<string, unknown>;

describe("a demo that stays up", () => {
  let demo: ChildProcess;
  const lines: Line[] = [];
  const exited = () => once(demo, "exit") as Promise<[number | null]>;

  beforeAll(async () => {
    demo = spawn(process.execPath, [STATESET, "demo", "--json", "--invoice", SAMPLE], {
      cwd,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const stdout = createInterface({ input: demo.stdout as NodeJS.ReadableStream });
    for await (const line of stdout) {
      lines.push(JSON.parse(line));
      if (lines.at(-1)?.ready === true) return;
    }
    throw new Error(`it ended after ${JSON.stringify(lines.at(-1))}`);
  });
  afterAll(() => demo.kill("SIGKILL"));

  test("tells each step with its party, flow and transaction", () => {
    const steps = lines.filter(({ step }) => step !== undefined);
    expect(steps.map(({ step, party, flow }) => `${step} ${party} ${flow}`)).toEqual([
      "1 bank cash/issue",
      "2 bank cash/issue",
      "3 seller invoice/issue",
      "4 buyer invoice/respond",
      "5 buyer invoice/respond",
      "6 seller receivable/request",
      "7 lender receivable/quote",
      "8 seller receivable/accept",
      "9 lender receivable/assign",
      "10 lender receivable/notify",
      "11 buyer receivable/acknowledge",
      "12 buyer invoice/pay",
      "13 buyer invoice/pay",
      "14 lender receivable/settle",
    ]);
    for (const step of steps)
      expect(step).toEqual({
        step: expect.any(Number),
        party: expect.any(String),
        flow: expect.any(String),
        txId: expect.stringMatching(/^[0-9a-f]{64}$/),
        ms: expect.any(Number),
      });
    expect(new Set(steps.map(({ txId }) => txId)).size).toBe(14);
  });

  test("is reconciled: 17,381.55 less a fee of 0.5 % is the seller's, the fee the lender's", () => {
    expect(lines.at(-2)).toEqual({
      summary: {
        steps: 14,
        transactions: 14,
        reconciled: true,
        // The lender had as much as it collected, and lent a part of it.
        balances: {
          bank: {},
          buyer: {},
          seller: { EUR: String(1_738_155 - 8_690) },
          lender: { EUR: String(1_738_155 + 8_690) },
        },
        ms: expect.any(Number),
      },
    });
  });

  test("prints its network, which other commands find", () => {
    const [folder = ""] = readdirSync(join(cwd, ".stateset"));
    expect(lines.at(-1)).toMatchObject({
      ready: true,
      parties: [
        { name: "buyer", legalName: "O=Nordhafen Logistik GmbH,L=Hamburg,C=DE" },
        { name: "seller", legalName: "O=Alpenblick Maschinenbau AG,L=Rosenheim,C=DE" },
        { name: "lender", legalName: "O=Fjordkapital Factoring AS,L=Bergen,C=NO" },
        { name: "bank", legalName: "O=Rheinbank AG,L=Basel,C=CH" },
      ],
      notary: { kind: "embedded" },
    });
    const asked = ["--state", "invoice/invoice", "--party", "buyer", "--json"];
    const query = stateset("vault", "query", ...asked, "--dir", join(".stateset", folder));
    expect(query.json().items).toMatchObject([
      { status: "unconsumed", state: { number: "AB-2026-00417", status: "paid" } },
    ]);
    const clean = stateset("clean", "--json");
    expect(clean).toMatchObject({ status: 1 });
    expect(clean.json()).toMatchObject({ code: "network/already-running" });
  });

  test("refuses the same invoice under another number", () => {
    const [folder = ""] = readdirSync(join(cwd, ".stateset"));
    const again = join(cwd, "again.xml");
    const sample = readFileSync(SAMPLE, "utf8");
    writeFileSync(again, sample.replaceAll("AB-2026-00417", "AB-2026-00418"));
    const on = ["--party", "seller", "--dir", join(".stateset", folder), "--wait", "--json"];
    const input = JSON.stringify({ cashIssuers: ["Bank"] });
    const files = ["--file", `document=${again}`, "--input", input];
    const issued = stateset("flow", "start", "invoice/issue", ...files, ...on);
    expect(issued.status).toBe(1);
    expect(issued.json()).toMatchObject({ status: "FAILED", error: { code: /notary\// } });
  });

  test("ends with Ctrl-C, and leaves nothing behind", async () => {
    demo.kill("SIGINT");
    const [code] = await exited();
    expect(code).toBe(130);
    expect(readdirSync(join(cwd, ".stateset"))).toEqual([]);
  });
});

describe("a document that cannot be financed is refused before a network starts", () => {
  const sample = readFileSync(SAMPLE, "utf8");
  const write = (name: string, content: string) => {
    writeFileSync(join(cwd, name), content);
    return name;
  };

  test.each([
    [
      "sums that do not hold",
      () => write("sums.xml", sample.replace(">17381.55</cbc:TaxInc", ">17381.56</cbc:TaxInc")),
      "invoice/br-co-15",
    ],
    ["a credit note", () => join(SAMPLES, "credit-note-eur.xml"), "invoice/wrong-document"],
    ["what is no XML", () => write("not.xml", "{}"), "ubl/not-well-formed"],
    [
      "a document with too much in it",
      () => write("large.xml", sample.replace("</Invoice>", `${" ".repeat(1 << 20)}</Invoice>`)),
      "demo/document-too-large",
    ],
    ["no document", () => "nowhere.xml", "file/enoent"],
  ])("%s", (_, file, code) => {
    const before = existsSync(join(cwd, ".stateset")) ? readdirSync(join(cwd, ".stateset")) : [];
    const { status, json } = stateset("demo", "--once", "--invoice", file(), "--json");
    expect({ status, code: json().code }).toEqual({ status: 1, code });
    const after = existsSync(join(cwd, ".stateset")) ? readdirSync(join(cwd, ".stateset")) : [];
    expect(after).toEqual(before);
  });

  test.each(["validating", "validating:4"])("nor is there a notary %s yet", (notary) => {
    const { status, stdout, stderr } = stateset("demo", "--once", "--notary", notary);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/not built yet/);
  });
});
