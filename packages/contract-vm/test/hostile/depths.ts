import { hostileTheme } from "./hostile-case.ts";

/** Using up the stack: by calls, by deep data, by deep source. */
export const depths = hostileTheme("depths", ({ gives, stops, refuses }) => {
  stops("plain recursion", "stack-overflow", `(function f() { return f() + 1; })()`);
  stops("mutual recursion", "stack-overflow", `const a = () => b() + 1, b = () => a() + 1; a()`);
  stops(
    "recursion with many arguments",
    "stack-overflow",
    `(function f(...a) { return f(...a, 1) + 1; })()`,
  );
  stops(
    "recursion by a getter",
    "stack-overflow",
    `const o = { get x() { return this.x + 1; } }; o.x`,
  );
  stops(
    "recursion by a setter",
    "stack-overflow",
    `const o = { set x(v) { this.x = v; } }; o.x = 1`,
  );
  stops(
    "recursion by toString",
    "stack-overflow",
    `const o = { toString() { return "" + this; } }; "" + o`,
  );
  stops(
    "recursion by valueOf",
    "stack-overflow",
    `const o = { valueOf() { return +this + 1; } }; +o`,
  );
  stops(
    "recursion by toJSON",
    "stack-overflow",
    `const o = { toJSON() { return JSON.stringify(this); } }; JSON.stringify(o)`,
  );
  stops(
    "recursion by a reviver",
    "stack-overflow",
    `JSON.parse("[[1]]", function f(k, v) { JSON.parse("[1]", f); return v; })`,
  );
  stops("recursion by sort", "stack-overflow", `(function f() { [3, 2, 1].sort(f); return 0; })()`);
  stops(
    "recursion by replace",
    "stack-overflow",
    `(function f() { return "a".replace(/a/, f); })()`,
  );
  stops("recursion by map", "stack-overflow", `(function f() { return [1].map(f); })()`);
  stops(
    "recursion by construction",
    "stack-overflow",
    `class A { constructor() { new A(); } } new A()`,
  );
  stops(
    "recursion by Reflect.apply",
    "stack-overflow",
    `(function f() { return Reflect.apply(f, null, []) + 1; })()`,
  );
  stops(
    "recursion by generators",
    "stack-overflow",
    `(function f() { for (const x of (function* () { yield f(); })()); })()`,
  );
  stops(
    "recursion by iterators",
    "stack-overflow",
    `(function f() { const [x] = { [Symbol.iterator]: () => ({ next: () => f() }) }; })()`,
  );
  stops(
    "recursion by hasInstance",
    "stack-overflow",
    `const o = { [Symbol.hasInstance]: () => 1 instanceof o }; 1 instanceof o`,
  );
  stops(
    "recursion by async functions",
    "stack-overflow",
    `(async function f() { await f(); })(); 1`,
  );
  stops(
    "recursion by Array.from",
    "stack-overflow",
    `(function f() { return Array.from({ length: 1 }, f); })()`,
  );
  stops(
    "proxy chain",
    "stack-overflow",
    `let p = {}; for (let i = 0; i < 20000; i++) p = new Proxy(p, {}); p.x`,
  );
  stops(
    "JSON.stringify of deep data",
    "stack-overflow",
    `let a = []; for (let i = 0; i < 20000; i++) a = [a]; JSON.stringify(a)`,
  );
  stops("JSON.parse of deep text", "stack-overflow", `JSON.parse("[".repeat(50000))`);
  stops(
    "flat of deep arrays",
    "stack-overflow",
    `let a = []; for (let i = 0; i < 20000; i++) a = [a]; a.flat(Infinity)`,
  );
  stops(
    "text of deep arrays",
    "stack-overflow",
    `let a = []; for (let i = 0; i < 20000; i++) a = [a]; String(a)`,
  );
  stops(
    "iterator helpers stacked",
    "stack-overflow",
    `let it = [1].values(); for (let i = 0; i < 20000; i++) it = it.map((x) => x); it.next()`,
  );
  const nested = (count: number, open: string, close: string) =>
    `${open.repeat(count)}1${close.repeat(count)}`;
  stops("source of deep parentheses", "stack-overflow", nested(2000, "(", ")"));
  stops("source of deep arrays", "stack-overflow", nested(2000, "[", "]"));
  stops("source of deep functions", "stack-overflow", nested(2000, "(function(){return ", "})"));
  stops("source of deep templates", "stack-overflow", nested(2000, "`${", "}`"));
  stops("source of deep blocks", "stack-overflow", nested(2000, "{", "}"));
  stops("source of deep unary operators", "stack-overflow", nested(2000, "!", ""));
  stops("source of deep conditionals", "stack-overflow", nested(2000, "1?", ":0"));
  stops("source of deep arrows", "stack-overflow", nested(2000, "a=>", ""));
  stops("source of a long sum", "out-of-gas", `let a = 1; for (;;) ${"a+".repeat(2000)}1`);
  stops("source over the limit", "invalid-bundle", " ".repeat(1024 * 1024 + 1));
  gives(
    "JSON of a hundred levels",
    100,
    `
    let d = 0, v = JSON.parse("[".repeat(100) + "]".repeat(100)); JSON.stringify(v); while (v) { d++; v = v[0]; } d`,
  );
  gives(
    "three hundred calls deep",
    300,
    `(function f(n) { return n === 0 ? 0 : 1 + f(n - 1); })(300)`,
  );
  gives("source of eighty parentheses", 1, nested(80, "(", ")"));
  refuses(
    "contract that runs out of stack",
    "stack-overflow",
    [1],
    `globalThis.contract = (i) => globalThis.contract(i) + 1;`,
  );
  refuses(
    "contract that fills the stack by its input",
    "stack-overflow",
    [[[[[[[[1]]]]]]]],
    `
    globalThis.contract = (i) => { const walk = (x) => (Array.isArray(x) ? walk([x]) : x) + 1; return walk(i); };`,
  );
});
