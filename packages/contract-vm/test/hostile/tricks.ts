import { hostileTheme } from "./hostile-case.ts";

/** Turning the language against the prelude, the engine or the reader of an error. */
export const tricks = hostileTheme("tricks", ({ gives, stops, answers, refuses }) => {
  answers(
    "prototypes replaced at load",
    "still",
    null,
    `
    for (const name of Object.getOwnPropertyNames(String.prototype))
      Object.defineProperty(String.prototype, name, { value() { throw new Error("hooked"); } });
    Array.prototype[Symbol.iterator] = null;
    Reflect.apply = JSON.stringify = Object.defineProperty = null;
    globalThis.contract = () => "still";`,
  );
  stops(
    "prototypes replaced, then an error",
    "threw",
    `
    for (const p of [String, Function, Object, Array]) for (const n of Object.getOwnPropertyNames(p.prototype))
      try { p.prototype[n] = () => { throw 1; }; } catch {}
    throw new Error("seen")`,
  );
  gives(
    "prototype pollution by assign",
    undefined,
    `Object.assign({}, JSON.parse('{"__proto__":{"x":1}}')); ({}).x`,
  );
  gives("Object.prototype can be changed only for itself", 1, `Object.prototype.x = 1; ({}).x`);
  gives(
    "null prototypes",
    "[object Object]",
    `Object.prototype.toString.call(Object.create(null))`,
  );
  stops(
    "cyclic prototypes",
    "threw",
    `const a = {}, b = Object.create(a); Object.setPrototypeOf(a, b)`,
  );
  gives("hasInstance lies", true, `1 instanceof { [Symbol.hasInstance]: () => true }`);
  gives("toStringTag lies", "[object Array]", `String({ [Symbol.toStringTag]: "Array" })`);
  stops(
    "isConcatSpreadable with a huge length",
    "out-of-gas",
    `
    [].concat({ length: 2 ** 53 - 1, [Symbol.isConcatSpreadable]: true }, [1])`,
  );
  gives(
    "species of an array",
    "TypeError",
    `
    class A extends Array { static get [Symbol.species]() { return function () { return Object.freeze([1, 2, 3]); }; } }
    try { new A(1, 2, 3).map((x) => x); "mapped" } catch (e) { e.name }`,
  );
  gives(
    "toPrimitive that changes its mind",
    "number1|string2",
    `
    let n = 0; const o = { [Symbol.toPrimitive](hint) { return hint + ++n; } };
    (+o, \`\${{ toString: () => "number1|string2" }}\`)`,
  );
  gives("valueOf during arithmetic", 6, `let n = 0; const o = { valueOf: () => ++n }; o + o + o`);
  gives(
    "getter with side effects",
    "123",
    `let n = 0; const o = { get x() { return ++n; } }; "" + o.x + o.x + o.x`,
  );
  gives(
    "array length set while iterating",
    1,
    `let n = 0; const a = [1, 2, 3]; for (const x of a) { a.length = 0; n++; } n`,
  );
  gives(
    "array shrunk by its own sort",
    "number",
    `
    const a = Array.from({ length: 100 }, (_, i) => i); a.sort((x, y) => { a.length = 0; return y - x; }); typeof a.length`,
  );
  gives(
    "array shrunk by a getter in splice",
    "ok",
    `
    const a = [1, 2, 3]; Object.defineProperty(a, 1, { get() { a.length = 0; return 1; }, configurable: true });
    try { a.splice(0, 3, 4); a.includes(9); a.join(); } catch {} "ok"`,
  );
  gives(
    "map changed while iterated",
    100,
    `
    const m = new Map([[0, 0]]); let n = 0; for (const [k] of m) { m.delete(k); if (++n < 100) m.set(k + 1, 0); } n`,
  );
  gives("typed array out of bounds", undefined, `new Uint8Array(4)[2 ** 40]`);
  gives(
    "typed array shrunk under a view",
    [0, 0],
    `
    const b = new ArrayBuffer(16, { maxByteLength: 32 }); const v = new Uint8Array(b, 8); b.resize(4);
    [v.length, v.byteLength]`,
  );
  gives(
    "detached buffer",
    "TypeError",
    `
    const b = new ArrayBuffer(8), v = new Uint8Array(b); b.transfer(); try { v.fill(1); v.set([1]); "wrote" } catch (e) { e.name }`,
  );
  gives(
    "buffer resized by a valueOf during fill",
    "ok",
    `
    const b = new ArrayBuffer(1024, { maxByteLength: 4096 }); const v = new Uint8Array(b);
    try { v.fill({ valueOf() { b.resize(0); return 7; } }); v.copyWithin({ valueOf() { b.resize(8); return 0; } }, 4); } catch {} "ok"`,
  );
  gives(
    "buffer detached by a sort comparator",
    "ok",
    `
    const b = new ArrayBuffer(64), v = new Uint8Array(b);
    try { v.sort(() => { if (b.byteLength) b.transfer(); return 0; }); } catch {} "ok"`,
  );
  stops("typed array of huge length", "threw", `new Uint8Array(2 ** 53)`);
  stops("array buffer of all memory", "out-of-memory", `new ArrayBuffer(2 ** 30)`);
  gives(
    "integer conversions wrap",
    [255, -1, 0],
    `[new Uint8Array([-1])[0], new Int8Array([255])[0], new Uint8Array([NaN])[0]]`,
  );
  gives(
    "64-bit views",
    "18446744073709551615",
    `const b = new BigUint64Array(1); b[0] = -1n; String(b[0])`,
  );
  gives(
    "proxy that lies about keys",
    "TypeError",
    `
    try { Object.keys(new Proxy(Object.freeze({ a: 1 }), { ownKeys: () => [] })); "lied" } catch (e) { e.name }`,
  );
  stops(
    "proxy without end",
    "stack-overflow",
    `let p = new Proxy({}, { get: (t, k, r) => r[k] }); p.x`,
  );
  gives(
    "revoked proxy",
    "TypeError",
    `const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); try { proxy.x } catch (e) { e.name }`,
  );
  gives(
    "proxy as a prototype of everything",
    "trap",
    `
    Object.setPrototypeOf(Object.prototype, null); const p = new Proxy({}, { get: () => "trap" }); Object.create(p).anything`,
  );
  stops(
    "thrown proxy",
    "threw",
    `throw new Proxy({}, { get() { throw new Error("in the reader"); } })`,
  );
  stops(
    "thrown proxy that never answers",
    "out-of-gas",
    `throw new Proxy({}, { get() { for (;;); } })`,
  );
  stops(
    "thrown object with getters",
    "threw",
    `throw { get name() { return "N"; }, get message() { throw 1; } }`,
  );
  stops(
    "thrown object whose message is endless",
    "threw",
    `const e = new Error("x".repeat(1e6)); throw e`,
  );
  stops("thrown null", "threw", `throw null`);
  stops("thrown symbol", "threw", `throw Symbol("s")`);
  stops("thrown function", "threw", `throw function f() {}`);
  stops("thrown bigint", "threw", `throw 10n ** 50n`);
  stops("thrown text with zeros", "threw", `throw "a\\0b\\0c"`);
  stops("thrown broken Unicode", "threw", `throw new Error("\\udfff")`);
  stops(
    "thrown error with a false stack",
    "threw",
    `const e = new Error("m"); e.stack = "contract.js:99:99"; throw e`,
  );
  stops(
    "thrown error with an endless stack",
    "threw",
    `const e = new Error("m"); e.stack = "contract.js:" + "9".repeat(1e5); throw e`,
  );
  stops(
    "error that pretends to be out of memory",
    "out-of-memory",
    `throw new InternalError("out of memory")`,
  );
  gives(
    "Error.prepareStackTrace has no effect",
    "string",
    `
    Error.prepareStackTrace = () => { for (;;); }; Error.stackTraceLimit = 1e9; typeof new Error("x").stack`,
  );
  gives("Error.captureStackTrace is gone", "undefined", `typeof Error.captureStackTrace`);
  gives("stack does not show the host", false, `/node|wasm|file:|\\//.test(new Error("x").stack)`);
  gives(
    "stack with a hostile function name",
    "string",
    `
    const f = Object.defineProperty(() => new Error().stack, "name", { value: "x\\n at contract.js:1:1" }); typeof f()`,
  );
  gives(
    "function name getter in a stack",
    "string",
    `
    const f = () => new Error().stack; Object.defineProperty(f, "name", { get() { throw 1; } }); typeof f()`,
  );
  stops(
    "AggregateError of itself",
    "threw",
    `const e = new AggregateError([]); e.errors = [e]; e.cause = e; throw e`,
  );
  gives("symbols as keys stay hidden", "{}", `JSON.stringify({ [Symbol("s")]: 1 })`);
  stops("symbol to text", "threw", `"" + Symbol("s")`);
  gives(
    "registered symbols",
    true,
    `Symbol.for("x") === Symbol.for("x") && Symbol.keyFor(Symbol.iterator) === undefined`,
  );
  gives(
    "generator re-entered",
    "TypeError",
    `
    function* g() { it.next(); } const it = g(); try { it.next() } catch (e) { e.name }`,
  );
  gives(
    "generator that swallows return",
    "2",
    `
    function* g() { try { yield 1; } finally { yield 2; } } const it = g(); it.next(); String(it.return(9).value)`,
  );
  stops(
    "generator that never stops",
    "out-of-gas",
    `function* g() { for (;;) yield 1; } for (const x of g());`,
  );
  stops(
    "spread of an endless iterator",
    "out-of-gas",
    `[...(function* () { for (;;) yield 1; })()]`,
  );
  stops(
    "destructuring that never ends",
    "stack-overflow",
    `
    const o = { get a() { const { a } = o; return a; } }; const { a } = o;`,
  );
  gives(
    "tagged template identity",
    true,
    `const t = (s) => s; const f = () => t\`a\`; f() === f()`,
  );
  gives("tagged template with bad escapes", "undefined", `((s) => typeof s[0])\`\\u{\``);
  stops(
    "tagged template recursion",
    "stack-overflow",
    `function t(s) { return t\`\${s}\` + 1; } t\`x\``,
  );
  gives(
    "labels and continue",
    3,
    `let n = 0; a: for (;;) { b: for (;;) { if (++n < 3) continue a; break a; } } n`,
  );
  stops("labelled loop", "out-of-gas", `a: for (;;) { b: do { continue a; } while (true); }`);
  stops(
    "finally that restarts",
    "out-of-gas",
    `function f() { for (;;) { try { return 1; } finally { continue; } } } f()`,
  );
  stops("catch that swallows every error", "out-of-gas", `for (;;) { try { null.x } catch {} }`);
  stops(
    "catch that swallows stack overflow",
    "out-of-gas",
    `function f() { try { f(); } catch { f(); } } f()`,
  );
  stops(
    "catch that swallows lack of memory",
    "out-of-gas",
    `
    const a = []; for (;;) { try { a.push(new Uint8Array(1 << 20)); } catch { a.length = 0; } }`,
  );
  gives(
    "stack overflow caught once",
    "RangeError",
    `try { (function f() { f(); })() } catch (e) { e.name }`,
  );
  gives(
    "lack of memory caught once",
    "InternalError: out of memory",
    `
    try { new ArrayBuffer(1 << 28); "made" } catch (e) { e.name + ": " + e.message }`,
  );
  gives(
    "holding on until memory ends",
    "InternalError",
    `
    let a = [], e1; try { for (;;) a.push(new Uint8Array(65536)); } catch (e) { e1 = e; a = null; } e1.name`,
  );
  gives(
    "Object.freeze of the global",
    "TypeError",
    `"use strict"; Object.freeze(globalThis); try { globalThis.x = 1; } catch (e) { e.name }`,
  );
  refuses(
    "accessor as contract input reader",
    "threw",
    { a: 1 },
    `globalThis.contract = (i) => { "use strict"; Object.freeze(i).a = 2; return "ok"; };`,
  );
  gives("sloppy arguments alias", 2, `(function (a) { arguments[0] = 2; return a; })(1)`);
  gives(
    "caller is not shown",
    "TypeError",
    `(function f() { "use strict"; try { return f.caller; } catch (e) { return e.name; } })()`,
  );
});
