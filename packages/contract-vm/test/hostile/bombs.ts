import { hostileTheme } from "./hostile-case.ts";

/** Using up time or memory. */
export const bombs = hostileTheme("bombs", ({ gives, stops, refuses }) => {
  stops("empty loop", "out-of-gas", `for (;;);`);
  stops("loop in a comma", "out-of-gas", `let i = 0; while ((i++, true));`);
  stops("float loop", "out-of-gas", `let x = 0.5; for (;;) x = Math.sin(x) * Math.pow(x, 1.5);`);
  stops("regular expression, nested plus", "out-of-gas", `/^(a+)+$/.test("a".repeat(40) + "b")`);
  stops("regular expression, alternatives", "out-of-gas", `/^(a|a)*$/.test("a".repeat(60) + "b")`);
  stops(
    "regular expression, back reference",
    "out-of-gas",
    `/^(a*)*\\1$/.test("a".repeat(5000) + "b")`,
  );
  stops(
    "regular expression, lookbehind",
    "out-of-gas",
    `/(?<=^(a+)+)b$/.test("!" + "a".repeat(60) + "b")`,
  );
  stops(
    "regular expression, case folding",
    "out-of-gas",
    `/^(\\u{17f}|s|S)*$/iu.test("s".repeat(80) + "!")`,
  );
  stops(
    "regular expression, counted",
    "out-of-gas",
    `/^(x{1,50}){1,50}$/.test("x".repeat(3000) + "y")`,
  );
  stops(
    "regular expression, back-tracking over a long text",
    "out-of-memory",
    `/a*b/.test("a".repeat(1e6))`,
  );
  stops(
    "regular expression, deep groups",
    "stack-overflow",
    `new RegExp("(?:".repeat(50000) + ")".repeat(50000))`,
  );
  stops("regular expression, too many captures", "threw", `new RegExp("()".repeat(70000))`);
  stops(
    "regular expression, huge counts",
    "threw",
    `new RegExp("(?:(?:a{1000}){1000}){1000}".repeat(9) + "(")`,
  );
  stops(
    "replace with a growing text",
    "out-of-gas",
    `let s = "x"; for (;;) s = s.replace(/x/g, "xx");`,
  );
  stops("split and join", "out-of-memory", `let s = "ab"; for (;;) s = s.split("").join("abab");`);
  stops(
    "replaceAll with an empty pattern",
    "out-of-gas",
    `let s = "ab"; for (;;) s = s.replaceAll("", "abc");`,
  );
  stops(
    "search for a long needle",
    "out-of-gas",
    `const s = "a".repeat(2e6); let n = 0; for (;;) n += s.indexOf("a".repeat(1e5) + "b");`,
  );
  stops("bigint power", "threw", `2n ** 2n ** 40n`);
  stops("bigint power in decimal", "out-of-gas", `(3n ** 400000n).toString().length`);
  stops("bigint multiplication", "out-of-gas", `let x = 3n; for (;;) x *= x;`);
  stops(
    "bigint division",
    "out-of-gas",
    `const a = 1n << 1000000n, b = (1n << 500000n) + 1n; for (;;) a / b;`,
  );
  stops("bigint shift", "threw", `1n << (1n << 32n)`);
  stops("bigint from text", "out-of-gas", `for (;;) BigInt("9".repeat(200000))`);
  stops("bigint asUintN", "out-of-gas", `for (;;) BigInt.asUintN(1000000, -1n);`);
  stops("string doubling", "threw", `let s = "x"; for (;;) s += s;`);
  stops(
    "string doubling, kept flat",
    "out-of-memory",
    `let s = "x"; for (;;) { s += s; s.charCodeAt(3); new Map([[s, 1]]); }`,
  );
  stops("repeat over the limit", "threw", `"x".repeat(2 ** 31)`);
  stops("repeat up to memory", "out-of-memory", `"x".repeat(2 ** 28)`);
  stops("padEnd up to memory", "out-of-memory", `"x".padEnd(2 ** 28, "ab")`);
  stops(
    "many small strings",
    "out-of-memory",
    `const a = []; for (let i = 0; ; i++) a.push("key" + i);`,
  );
  stops(
    "rope without end",
    "out-of-gas",
    `let s = ""; for (let i = 0; ; i++) s = s + i + "abcdefghijklmnop" + s.length;`,
  );
  stops("array growth", "out-of-memory", `const a = []; for (;;) a.push([a]);`);
  stops("nested arrays", "out-of-memory", `let a = []; for (;;) a = [a, a];`);
  stops("array of huge length filled", "out-of-memory", `new Array(2 ** 32 - 1).fill(0)`);
  stops("sparse array walked", "out-of-gas", `const a = []; a[2 ** 32 - 2] = 1; a.indexOf(2)`);
  stops(
    "array-like of huge length",
    "out-of-gas",
    `Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)`,
  );
  stops(
    "reverse of a huge array-like",
    "out-of-gas",
    `Array.prototype.reverse.call({ length: 2 ** 53 - 1 })`,
  );
  stops(
    "join of a huge array-like",
    "out-of-gas",
    `Array.prototype.join.call({ length: 2 ** 31 }, "abcdefgh")`,
  );
  stops(
    "sort of many",
    "out-of-gas",
    `const a = []; for (let i = 0; i < 100000; i++) a.push((i * 7919) % 100003); for (;;) { a.sort(); a.reverse(); }`,
  );
  stops(
    "sort with a costly comparator",
    "out-of-gas",
    `
    const a = Array.from({ length: 2000 }, (_, i) => i); a.sort(() => { for (let i = 0; i < 1e4; i++); return -1; })`,
  );
  stops(
    "sort of texts alike",
    "out-of-gas",
    `const s = "a".repeat(50000); const a = Array.from({ length: 60 }, (_, i) => s + i); for (;;) a.sort();`,
  );
  stops(
    "splice at the front",
    "out-of-gas",
    `const a = new Array(200000).fill(1); for (;;) { a.splice(0, 1); a.unshift(1); }`,
  );
  stops(
    "copyWithin over and over",
    "out-of-gas",
    `const a = new Uint8Array(8 << 20); for (;;) a.copyWithin(1, 0);`,
  );
  stops(
    "fill over and over",
    "out-of-gas",
    `const a = new Uint8Array(8 << 20); for (;;) a.fill(1);`,
  );
  stops(
    "slice over and over",
    "out-of-gas",
    `const a = new Uint8Array(4 << 20); for (;;) a.slice();`,
  );
  stops(
    "random access over memory",
    "out-of-gas",
    `
    const a = new Uint32Array(3 << 20); let i = 1; for (;;) { i = (i * 1664525 + 1013904223) >>> 10; a[i]++; }`,
  );
  stops(
    "garbage collection over a large heap",
    "out-of-gas",
    `
    const keep = []; for (let i = 0; i < 40000; i++) keep.push({ i, keep }); for (;;) { const a = {}, b = { a }; a.b = b; }`,
  );
  stops(
    "one object with many keys",
    "out-of-memory",
    `const o = {}; for (let i = 0; ; i++) o["k" + i] = i;`,
  );
  stops(
    "delete and add keys",
    "out-of-gas",
    `const o = {}; for (let i = 0; ; i++) { o["k" + (i % 1000)] = i; delete o["k" + ((i * 7) % 1000)]; }`,
  );
  stops(
    "shapes without end",
    "out-of-gas",
    `for (let i = 0; ; i++) { const o = {}; o["a" + (i % 5000)] = 1; o["b" + (i % 4999)] = 2; }`,
  );
  stops(
    "map with many keys",
    "out-of-gas",
    `const m = new Map(); for (let i = 0; ; i++) m.set(i, i);`,
  );
  stops(
    "map with colliding keys",
    "out-of-gas",
    `const m = new Map(); for (let i = 0; ; i++) { m.set(i * 2 ** 20, i); if (m.size > 20000) m.clear(); }`,
  );
  stops("symbols without end", "out-of-memory", `const a = []; for (;;) a.push(Symbol());`);
  stops(
    "closures without end",
    "out-of-memory",
    `const a = []; for (let i = 0; ; i++) a.push(() => i);`,
  );
  stops("proxies without end", "out-of-memory", `let p = {}; for (;;) p = new Proxy(p, {});`);
  stops("linked list without end", "out-of-memory", `let l = null; for (;;) l = { l };`);
  gives(
    "long list set free at once",
    1,
    `let l = null; for (let i = 0; i < 100000; i++) l = { l }; l = null; 1`,
  );
  stops(
    "array buffers without end",
    "out-of-memory",
    `const a = []; for (;;) a.push(new ArrayBuffer(1000));`,
  );
  stops(
    "JSON text without end",
    "out-of-memory",
    `let s = [1]; for (;;) s = [JSON.stringify(s), JSON.stringify(s)];`,
  );
  refuses(
    "contract that runs out of gas",
    "out-of-gas",
    null,
    `globalThis.contract = () => { for (;;); };`,
  );
  refuses(
    "contract that runs out of memory",
    "out-of-memory",
    null,
    `
    globalThis.contract = () => { const a = []; for (;;) a.push(new Uint8Array(1000)); };`,
  );
});
