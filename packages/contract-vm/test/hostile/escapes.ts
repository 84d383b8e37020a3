import { hostileTheme } from "./hostile-case.ts";

/** Reaching for what the prelude took away: code from text, clocks, randomness, hosts, hidden state. */
export const escapes = hostileTheme("escapes", ({ gives, stops, answers, refuses }) => {
  const refusedConstructor = (make: string) => `
    const f = ${make};
    try { f.constructor("return 1"); "made" } catch (e) { e.name + ": " + e.message }`;
  const refusal = "TypeError: code cannot be made from text";
  gives("constructor of a function", refusal, refusedConstructor("function () {}"));
  gives("constructor of an arrow", refusal, refusedConstructor("() => 1"));
  gives("constructor of a generator", refusal, refusedConstructor("function* () {}"));
  gives("constructor of an async function", refusal, refusedConstructor("async function () {}"));
  gives("constructor of an async generator", refusal, refusedConstructor("async function* () {}"));
  gives("constructor of a method", refusal, refusedConstructor("({ m() {} }).m"));
  gives("constructor of a class", refusal, refusedConstructor("class {}"));
  gives("constructor of a bound built-in", refusal, refusedConstructor("Math.max.bind(null)"));
  gives(
    "constructor of a proxy of a function",
    refusal,
    refusedConstructor("new Proxy(function () {}, {})"),
  );
  gives(
    "Function by Reflect.construct",
    "TypeError",
    `
    try { Reflect.construct(Function, ["return 1"]); "made" } catch (e) { e.name }`,
  );
  gives(
    "super call into Function",
    "TypeError",
    `
    class Maker extends Function { constructor() { super("return 1"); } }
    try { new Maker()(); "made" } catch (e) { e.name }`,
  );
  gives(
    "constructor property cannot be given back",
    false,
    `
    Reflect.defineProperty(Object.getPrototypeOf(function () {}), "constructor", { value: Object })`,
  );
  gives(
    "constructor hidden behind a prototype change",
    "TypeError",
    `
    const f = function () {};
    Object.setPrototypeOf(f, Object.getPrototypeOf(async function () {}));
    try { f.constructor("return 1"); "made" } catch (e) { e.name }`,
  );
  stops("direct eval", "threw", `eval("1 + 1")`);
  stops("indirect eval", "threw", `(0, eval)("1 + 1")`);
  stops("eval off the global object", "threw", `globalThis["ev" + "al"]("1")`);
  gives(
    "an eval of one's own is a plain function",
    "mine: 1",
    `var eval = (text) => "mine: " + text; eval("1")`,
  );
  stops("new Function", "threw", `new Function("return this")()`);
  gives(
    "sloppy this is only the trimmed global",
    "undefined",
    `typeof (function () { return this; })().Date`,
  );
  gives(
    "nothing of a host",
    "",
    `
    ["console", "process", "require", "navigator", "performance", "std", "os", "bjson", "print", "setTimeout",
     "queueMicrotask", "structuredClone", "DOMException", "fetch", "gc", "scriptArgs", "WebAssembly", "Intl", "Date",
     "WeakRef", "FinalizationRegistry", "SharedArrayBuffer", "Atomics", "Float16Array", "Float32Array", "Float64Array",
     "AsyncDisposableStack", "DisposableStack", "btoa", "atob", "escape", "unescape", "eval", "self", "window"]
      .filter((name) => name in globalThis).join()`,
  );
  stops("Date.now", "threw", `\n  Date.now()`);
  stops("new Date", "threw", `new Date()`);
  gives(
    "no Date through any global",
    0,
    `
    let found = 0;
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      const value = globalThis[name];
      if (value && value.prototype && "getTimezoneOffset" in value.prototype) found++;
    }
    found`,
  );
  gives("JSON.parse revives no date", "string", `typeof JSON.parse('"2026-01-01T00:00:00.000Z"')`);
  stops("Math.random", "threw", `Math.random()`);
  stops("Intl", "threw", `new Intl.DateTimeFormat().resolvedOptions().timeZone`);
  gives(
    "locale functions are gone",
    [],
    `
    const found = [];
    for (const p of [Object, Array, Number, BigInt, String, Object.getPrototypeOf(Uint8Array)])
      for (const n of Object.getOwnPropertyNames(p.prototype)) if (/[lL]ocale/.test(n)) found.push(n);
    found`,
  );
  stops("localeCompare", "threw", `"a".localeCompare("b")`);
  stops("toLocaleString of a number", "threw", `(1234.5).toLocaleString()`);
  stops("toLocaleUpperCase", "threw", `"i".toLocaleUpperCase("tr")`);
  gives("toUpperCase knows no locale", "I", `"i".toUpperCase()`);
  gives("sort by default order", ["B", "a", "ä"], `["ä", "a", "B"].sort()`);
  stops("WeakRef", "threw", `new WeakRef({})`);
  stops("FinalizationRegistry", "threw", `new FinalizationRegistry(() => {})`);
  gives(
    "a weak map shows no collection",
    0,
    `
    const m = new WeakMap(); for (let i = 0; i < 1000; i++) m.set({}, i); Object.keys(m).length`,
  );
  stops("SharedArrayBuffer", "threw", `new SharedArrayBuffer(8)`);
  stops("Atomics", "threw", `Atomics.add(new Int32Array(1), 0, 1)`);
  stops("Float64Array", "threw", `new Float64Array(1)`);
  stops(
    "float accessors of a data view",
    "threw",
    `new DataView(new ArrayBuffer(8)).setFloat64(0, NaN)`,
  );
  gives(
    "no typed array holds floats",
    [],
    `
    const T = Object.getPrototypeOf(Uint8Array);
    Object.getOwnPropertyNames(globalThis).filter((n) => /Float\\d/.test(n)
      || (typeof globalThis[n] === "function" && Object.getPrototypeOf(globalThis[n]) === T && !/^Big/.test(n)
        && new globalThis[n]([0.5])[0] === 0.5))`,
  );
  gives(
    "NaN keys are one key",
    1,
    `const m = new Map(); for (const v of [0 / 0, Math.sqrt(-1), -NaN, +"x"]) m.set(v, 1); m.size`,
  );
  gives(
    "float arithmetic",
    "0.30000000000000004,-0.8522008497671888,1.4142135623730951,1.00,2.718281828459045,14.101419947171719",
    `
    [0.1 + 0.2, Math.sin(1e22), Math.pow(2, 0.5), (1.005).toFixed(2), Math.exp(1), Math.tan(1.5)].join()`,
  );
  stops("import of a module", "threw", `import x from "y"; x`);
  stops("dynamic import", "threw", `import("y")`);
  stops("import.meta", "threw", `import.meta.url`);
  stops("export", "threw", `export default 1`);
  stops("top-level await", "threw", `await 1`);
  gives("with statement over the global", "number", `with (globalThis) { typeof NaN }`);
  gives(
    "with and unscopables",
    1,
    `var a = 1; with ({ a: 2, [Symbol.unscopables]: { a: true } }) { a }`,
  );
  stops("a result that is a promise", "threw", `Promise.resolve(1)`);
  stops("a pending job", "threw", `Promise.resolve(1).then(() => {}); 1`);
  stops(
    "a rejection that nobody sees",
    "threw",
    `(async () => { throw new Error("check failed"); })(); 1`,
  );
  stops(
    "an await inside an async check",
    "threw",
    `(async () => { await 0; throw new Error("late"); })(); 1`,
  );
  stops("a thenable result", "threw", `({ then() {} })`);
  stops("asynchronous iteration", "threw", `(async () => { for await (const x of [1]) x; })(); 1`);
  gives("a promise that is only made", "object", `typeof new Promise(() => {})`);
  refuses("contract that is async", "threw", null, `globalThis.contract = async () => "ok";`);
  refuses("contract that is missing", "invalid-bundle", null, `1`);
  refuses(
    "contract that is no function",
    "invalid-bundle",
    null,
    `globalThis.contract = { call() { return "ok"; } };`,
  );
  refuses("contract that returns a number", "threw", null, `globalThis.contract = () => 1;`);
  refuses(
    "contract that returns a String object",
    "threw",
    null,
    `globalThis.contract = () => new String("ok");`,
  );
  refuses(
    "contract that returns broken Unicode",
    "threw",
    null,
    `globalThis.contract = () => "\\ud800";`,
  );
  refuses(
    "contract that returns too much",
    "threw",
    null,
    `globalThis.contract = () => "a".repeat(65537);`,
  );
  refuses("contract whose load throws", "invalid-bundle", null, `throw new Error("at load")`);
  refuses("contract whose load does not end", "invalid-bundle", null, `for (;;);`);
  refuses(
    "contract whose source does not parse",
    "invalid-bundle",
    null,
    `globalThis.contract = (`,
  );
  refuses(
    "contract made by a getter that throws",
    "invalid-bundle",
    null,
    `
    Object.defineProperty(globalThis, "contract", { get() { throw 1; } });`,
  );
  answers(
    "state does not outlive a call",
    "1",
    null,
    `let calls = 0; globalThis.contract = () => String(++calls);`,
  );
  answers(
    "the function bound at load is the one called",
    "first",
    null,
    `
    globalThis.contract = () => { globalThis.contract = () => "second"; return "first"; };`,
  );
  answers(
    "input has plain prototypes",
    "true",
    { a: [{ b: 1n }] },
    `
    const { getPrototypeOf } = Object;
    globalThis.contract = (i) => String(getPrototypeOf(i) === Object.prototype && getPrototypeOf(i.a) === Array.prototype);`,
  );
  answers(
    "__proto__ as a key is only a key",
    "data",
    JSON.parse(`{"__proto__":{"polluted":"yes"}}`),
    `
    globalThis.contract = (i) => i.polluted ?? (Object.hasOwn(i, "__proto__") ? "data" : "lost");`,
  );
  answers(
    "setters on Object.prototype see no input",
    "clean",
    { secret: 1, 7: 2 },
    `
    let seen = "clean";
    Object.defineProperty(Object.prototype, "secret", { set() { seen = "leaked"; } });
    Object.defineProperty(Array.prototype, "0", { set() { seen = "leaked"; } });
    globalThis.contract = () => seen;`,
  );
});
