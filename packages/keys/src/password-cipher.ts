import {
  createCipheriv,
  createDecipheriv,
  randomBytes,
  type ScryptOptions,
  scrypt,
} from "node:crypto";
import { bytes, decode, encode, type Infer, record, text, uint } from "@stateset/codec";

const FORMAT = "stateset key store";
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SECRET_BYTES_MAX = 4096;
/** A third of a second and 128 MiB: too much for guessing many passwords, little at each start. */
const DEFAULT_COST_LOG2 = 17;
/** What a file may ask for: at most 1 GiB, so that a forged one cannot take the machine. */
const COST_LOG2_MIN = 14;
const COST_LOG2_MAX = 20;
const BLOCK_SIZE = 8;

const headerSchema = record({
  format: text({ min: 1, max: 64 }),
  version: uint({ max: 0xffff }),
  kdf: record({
    /** scrypt (RFC 7914): N is 2 to this, r is 8 and p is 1. */
    costLog2: uint({ min: COST_LOG2_MIN, max: COST_LOG2_MAX }),
    salt: bytes({ min: SALT_BYTES, max: SALT_BYTES }),
  }),
  iv: bytes({ min: IV_BYTES, max: IV_BYTES }),
});
const fileSchema = record({
  header: headerSchema,
  /** AES-256-GCM with its tag behind; the header is its associated data. */
  ciphertext: bytes({ min: TAG_BYTES, max: SECRET_BYTES_MAX + TAG_BYTES }),
});
export type EncryptedFile = Infer<typeof fileSchema>;
export const ENCRYPTED_FILE_BYTES_MAX = SECRET_BYTES_MAX + 512;

/** The bytes of a file that only the password opens. */
export async function encryptWithPassword(
  secret: Uint8Array,
  password: string,
  costLog2 = DEFAULT_COST_LOG2,
): Promise<Uint8Array> {
  const header = {
    format: FORMAT,
    version: 0,
    kdf: { costLog2, salt: Uint8Array.from(randomBytes(SALT_BYTES)) },
    iv: Uint8Array.from(randomBytes(IV_BYTES)),
  };
  const associated = encode(headerSchema, header);
  const cipher = createCipheriv("aes-256-gcm", await keyOf(password, header.kdf), header.iv);
  cipher.setAAD(associated);
  const encrypted = [cipher.update(secret), cipher.final(), cipher.getAuthTag()];
  return encode(fileSchema, { header, ciphertext: Uint8Array.from(Buffer.concat(encrypted)) });
}

/**
 * @throws CodecError where the bytes are not such a file's
 * @throws RangeError where it is of another format or version
 */
export function readEncryptedFile(content: Uint8Array): EncryptedFile {
  const file = decode(fileSchema, content);
  const { format, version } = file.header;
  if (format !== FORMAT || version !== 0)
    throw new RangeError(`"${format}" of version ${version} is not "${FORMAT}" of version 0`);
  return file;
}

/** Undefined where the password is another, or anything in the file was changed. */
export async function decryptWithPassword(
  { header, ciphertext }: EncryptedFile,
  password: string,
): Promise<Uint8Array | undefined> {
  const key = await keyOf(password, header.kdf);
  const end = ciphertext.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, header.iv);
    decipher.setAAD(encode(headerSchema, header));
    decipher.setAuthTag(ciphertext.subarray(end));
    const parts = [decipher.update(ciphertext.subarray(0, end)), decipher.final()];
    return Uint8Array.from(Buffer.concat(parts));
  } catch {
    return undefined;
  }
}

function keyOf(
  password: string,
  { costLog2, salt }: { costLog2: number; salt: Uint8Array },
): Promise<Buffer> {
  const cost = 2 ** costLog2;
  // scrypt takes 128·N·r bytes; twice that, so that its own overhead passes.
  const options: ScryptOptions = {
    cost,
    blockSize: BLOCK_SIZE,
    parallelization: 1,
    maxmem: 256 * cost * BLOCK_SIZE,
  };
  return new Promise((resolve, reject) => {
    // One spelling of what people type, whatever their keyboard made of it.
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
