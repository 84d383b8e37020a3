/** A part that takes longer cannot be worked with. */
const CHECK_MAX_MS = 2000;
/** However many ask, the parts are asked this often. */
const REMEMBERED_MS = 500;

type Checks = Readonly<Record<string, () => Promise<unknown>>>;

/** Which parts of a node cannot do their work at the moment, found out by using them. */
export class ReadinessProbe {
  readonly #checks: Checks;
  #found: Promise<readonly string[]> | undefined;

  constructor(checks: Checks) {
    this.#checks = checks;
  }

  /** The names of the parts that fail; none where the node is ready. */
  waiting(): Promise<readonly string[]> {
    this.#found ??= this.#probe().finally(() => {
      setTimeout(() => {
        this.#found = undefined;
      }, REMEMBERED_MS).unref();
    });
    return this.#found;
  }

  async #probe(): Promise<readonly string[]> {
    const names = await Promise.all(
      Object.entries(this.#checks).map(async ([name, check]) =>
        (await works(check)) ? [] : [name],
      ),
    );
    return names.flat();
  }
}

async function works(check: () => Promise<unknown>): Promise<boolean> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("too slow")), CHECK_MAX_MS);
  try {
    await Promise.race([check(), late]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
