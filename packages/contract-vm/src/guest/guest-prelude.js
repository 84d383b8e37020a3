// biome-ignore-all lint/style/useTemplate: the engine makes a template a call of String.prototype.concat, which contract code may have replaced.
// The first script of every contract VM: takes away what is not deterministic or lets code be made
// from text, then returns the one function that the host calls. It keeps its own references to
// everything it uses, since contract code may replace any global or prototype afterwards.
(() => {
  const { defineProperty, getPrototypeOf } = Object;
  const { ownKeys, apply } = Reflect;
  const stringify = JSON.stringify;
  const makeString = String;
  const { indexOf, slice, charCodeAt, isWellFormed, toWellFormed } = String.prototype;
  const call = (method, self, ...values) => apply(method, self, values);

  // Everything else on the global object goes, whatever a later engine may add.
  const kept = `Object Error EvalError RangeError ReferenceError SyntaxError TypeError URIError
    InternalError AggregateError Iterator Array String Number Boolean Symbol BigInt Math JSON Reflect
    Proxy Map Set WeakMap WeakSet ArrayBuffer Int8Array Uint8Array Uint8ClampedArray Int16Array
    Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array DataView Promise RegExp parseInt
    parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent globalThis
    NaN Infinity undefined`.split(/\s+/);
  for (const name of ownKeys(globalThis)) if (!kept.includes(name)) delete globalThis[name];

  // Locale functions, however a host would set its locale.
  const TypedArray = getPrototypeOf(Uint8Array);
  for (const { prototype } of [Object, Array, Number, BigInt, String, TypedArray])
    for (const name of ownKeys(prototype))
      if (typeof name === "string" && /^(toLocale|localeCompare)/.test(name))
        delete prototype[name];

  // Randomness, and every way to look at the bits of a NaN.
  delete Math.random;
  for (const name of ownKeys(DataView.prototype))
    if (/Float/.test(makeString(name))) delete DataView.prototype[name];

  // Hooks into error creation: stacks stay as the engine writes them.
  for (const name of ["captureStackTrace", "prepareStackTrace", "stackTraceLimit"])
    delete Error[name];

  // `eval` went with the globals; the Function constructors are reached through prototypes.
  function NoFunction() {
    throw new TypeError("code cannot be made from text");
  }
  const samples = [() => {}, function* () {}, async () => {}, async function* () {}];
  for (const sample of samples)
    defineProperty(getPrototypeOf(sample), "constructor", {
      value: NoFunction,
      writable: false,
      configurable: false,
    });
  defineProperty(NoFunction, "prototype", { value: getPrototypeOf(samples[0]), writable: false });
  defineProperty(globalThis, "Function", {
    value: NoFunction,
    writable: true,
    configurable: true,
    enumerable: false,
  });

  const DETAIL_LENGTH_MAX = 500;
  const FILE = "contract.js:";
  let contract;

  // Replies start with a letter: r result, u undefined, or a failure's kind (t threw, m memory,
  // s stack, b bundle, n nothing readable) followed by "line:column", a zero and the detail.
  // The engine throws null when there is no memory left for an error; only the host can tell.
  const failure = (kind, position, detail) =>
    kind + position + "\0" + call(toWellFormed, call(slice, detail, 0, DETAIL_LENGTH_MAX));

  const isDigit = (code) => code >= 48 && code <= 57;

  const positionIn = (stack) => {
    const start = call(indexOf, stack, FILE);
    if (start < 0) return "";
    let end = start + FILE.length;
    while (isDigit(call(charCodeAt, stack, end)) || call(charCodeAt, stack, end) === 58) end++;
    return call(slice, stack, start + FILE.length, end);
  };

  const textOf = (holder, name) => {
    const value = holder[name];
    return typeof value === "string" ? value : "";
  };

  // Reading a thrown object may run code of the contract; it is metered like the rest.
  const describe = (thrown) => {
    if (thrown === null) return failure("n", "", "null");
    if (typeof thrown !== "object" && typeof thrown !== "function")
      return failure("t", "", makeString(thrown));
    const name = textOf(thrown, "name");
    const message = textOf(thrown, "message");
    let kind = "t";
    if (name === "InternalError" && call(indexOf, message, "out of memory") === 0) kind = "m";
    if (name === "RangeError" && message === "Maximum call stack size exceeded") kind = "s";
    const detail =
      name && message ? name + ": " + message : name || message || "an object without a message";
    return failure(kind, positionIn(textOf(thrown, "stack")), detail);
  };

  const describeSafely = (thrown) => {
    try {
      return describe(thrown);
    } catch {
      return failure("n", "", "an object that cannot be read");
    }
  };

  const result = (text) =>
    call(isWellFormed, text)
      ? "r" + text
      : failure("t", "", "the result is not well-formed Unicode");

  const callContract = (input) => {
    const value = contract(input);
    if (typeof value === "string") return result(value);
    return failure(
      "t",
      "",
      "the contract must return a string, not " + (value === null ? "null" : typeof value),
    );
  };

  const render = (value) => {
    if (typeof value === "object" && value !== null && typeof value.then === "function")
      return failure("t", "", "asynchronous results are not supported");
    const text = stringify(value, (_key, item) =>
      typeof item === "bigint" ? makeString(item) : item,
    );
    return text === undefined ? "u" : result(text);
  };

  const bind = () => {
    contract = globalThis.contract;
    return typeof contract === "function"
      ? "r"
      : failure("b", "", "globalThis.contract is not a function");
  };

  const operations = [describe, bind, callContract, render];
  return (operation, value) => {
    try {
      return operations[operation](value);
    } catch (thrown) {
      return describeSafely(thrown);
    }
  };
})();
