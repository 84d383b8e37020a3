import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import {
  decode,
  encode,
  HASH_BYTES,
  type Hash,
  hex,
  type Infer,
  record,
  uint,
} from "@stateset/codec";

const signedBlockSchema = record({
  height: uint({ min: 1 }),
  hash: hex<Hash>({ length: HASH_BYTES }),
});
/** The highest block that a worker signed. */
export type SignedBlock = Infer<typeof signedBlockSchema>;

/** A worker's memory of what it signed last, which outlives the worker and its member's database. */
export interface SigningRecord {
  read(): Promise<SignedBlock | undefined>;
  /** Durable when it resolves. */
  write(block: SignedBlock): Promise<void>;
}

/** In a file that is replaced as a whole; one process alone may have it. */
export class FileSigningRecord implements SigningRecord {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws CodecError where the file holds something else: nothing may be signed then */
  async read(): Promise<SignedBlock | undefined> {
    let bytes: Uint8Array;
    try {
      bytes = await readFile(this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    return decode(signedBlockSchema, bytes);
  }

  async write(block: SignedBlock): Promise<void> {
    const draft = `${this.#path}.draft`;
    const file = await open(draft, "w", 0o600);
    try {
      await file.writeFile(encode(signedBlockSchema, block));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, this.#path);
    const folder = await open(dirname(this.#path));
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
