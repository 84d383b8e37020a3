import { hostileTheme } from "./hostile-case.ts";

const cashContract = `
  function require(condition, message) { if (!condition) throw new Error("cash/" + message); }
  const HEX = /^[0-9a-f]{64}$/;
  class Cash {
    constructor({ type, owner, issuer, amount }) {
      require(type === "Cash", "type");
      require(HEX.test(owner.key) && HEX.test(issuer.key), "key");
      require(typeof amount.quantity === "bigint" && amount.quantity > 0n, "positive");
      Object.assign(this, { owner, issuer, amount });
    }
  }
  const sums = (states) => states.reduce((map, { issuer, amount }) => {
    const kind = issuer.key + "/" + amount.currency;
    return map.set(kind, (map.get(kind) ?? 0n) + amount.quantity);
  }, new Map());
  globalThis.contract = ({ inputs, outputs, signers }) => {
    const before = inputs.map((state) => new Cash(state)), after = outputs.map((state) => new Cash(state));
    const left = sums(before), right = sums(after);
    require(left.size === right.size && [...left].every(([kind, sum]) => right.get(kind) === sum), "conserved");
    require(before.every((state) => signers.includes(state.owner.key)), "owner-signs");
    return "ok";
  };`;

const key = (digit: string) => digit.repeat(64);
const cash = (owner: string, quantity: bigint) => ({
  type: "Cash",
  owner: { name: `O=${owner}`, key: key(owner) },
  issuer: { name: "O=Bank", key: key("f") },
  amount: { quantity, currency: "EUR" },
});

/** Renders any input as text, to compare what the guest reads with what the host wrote. */
const describeInput = `
  const text = (v) => v === null ? "null"
    : Array.isArray(v) ? "[" + v.map(text).join() + "]"
    : typeof v === "object" ? "{" + Object.keys(v).map((k) => JSON.stringify(k) + ":" + text(v[k])).join() + "}"
    : typeof v === "string" ? JSON.stringify(v) : typeof v + " " + String(v);
  globalThis.contract = text;`;

/** Contracts that behave, so that hosts are also compared on what they mostly run. */
export const ordinary = hostileTheme("ordinary", ({ answers, refuses, gives }) => {
  const move = (paid: bigint, signer: string) => ({
    inputs: [cash("a", 700n), cash("a", 500n)],
    outputs: [cash("b", paid), cash("a", 300n)],
    signers: [key(signer)],
  });
  answers("cash moves", "ok", move(900n, "a"), cashContract);
  refuses("cash out of nothing", "threw", move(901n, "a"), cashContract);
  refuses("cash moved by a stranger", "threw", move(900n, "c"), cashContract);
  refuses(
    "cash of another shape",
    "threw",
    { inputs: [], outputs: [null], signers: [] },
    cashContract,
  );
  answers(
    "input of every kind",
    `{"7":null,"b":[boolean true,undefined undefined],"z":{}}`,
    { z: {}, b: [true, undefined], 7: null },
    describeInput.replace("Object.keys(v)", "Object.keys(v).sort()"),
  );
  answers(
    "input of numbers",
    "[number 0,number -1,number 2147483647,number -2147483648,number 9007199254740991]",
    [0, -1, 2 ** 31 - 1, -(2 ** 31), Number.MAX_SAFE_INTEGER],
    describeInput,
  );
  answers(
    "input of bigints",
    `[bigint 0,bigint -1,bigint 18446744073709551616,bigint -${2n ** 200n}]`,
    [0n, -1n, 2n ** 64n, -(2n ** 200n)],
    describeInput,
  );
  answers(
    "input of text",
    `["é","漢字 😀","\\u0000","\\ud800"]`,
    ["é", "漢字 😀", "\0", "\ud800"],
    describeInput,
  );
  answers(
    "input of known names",
    `{"length":number 1,"constructor":number 2,"4294967295":number 3,"01":number 4}`,
    { length: 1, constructor: 2, 4294967295: 3, "01": 4 },
    describeInput,
  );
  gives(
    "a bigint result",
    { a: "12345678901234567890", b: [1, "x"] },
    `({ a: 12345678901234567890n, b: [1, "x"] })`,
  );
  gives("no result", undefined, `void 0`);
});
