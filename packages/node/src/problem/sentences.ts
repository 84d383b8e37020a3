/** A sentence for each code of a union of faults: what is wrong and, where it is theirs to mend, how. */
export type Sentences<F extends { code: string }> = {
  readonly [C in F["code"]]: (fault: Extract<F, { code: C }>) => string;
};

/** Facts in words, for what has no sentence of its own; nested ones are left to programs. */
export function factsInWords(facts: object): string {
  return Object.entries(facts)
    .filter(([, value]) => isSayable(value))
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(", ") : value}`)
    .join("; ");
}

/**
 * Facts that were stored, or that a peer told, as a sentence may read them: reading one that is
 * missing throws, and so does saying one that is a record, so that no sentence has "undefined" or
 * "[object Object]" in it.
 */
export function strictFacts(facts: object): object {
  return new Proxy(facts, {
    get(target, name) {
      const value: unknown = Object.hasOwn(target, name) ? Reflect.get(target, name) : undefined;
      if (value === undefined) throw new TypeError(`there is no fact ${String(name)}`);
      return strict(value);
    },
  });
}

function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strict);
  return typeof value === "object" && value !== null ? strictFacts(value) : value;
}

function isSayable(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isSayable);
  return ["string", "number", "boolean", "bigint"].includes(typeof value);
}
