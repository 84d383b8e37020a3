import { randomBytes } from "node:crypto";
import { publicKeyOf, type SecretKey } from "@stateset/codec";
import { DevelopmentAuthority, type Validity } from "@stateset/network";
import type { NetworkFolder } from "./network-folder.ts";
import { readOrCreate } from "./secret-file.ts";

/** Those who stand above the nodes of a local network; all their keys lie in one file. */
export type Authorities = {
  certificates: DevelopmentAuthority;
  /** How long certificates are valid. */
  validity: Validity;
  /** Signs the network map; nodes name its public key in their configuration. */
  map: SecretKey;
  /** Signs app bundles and owns their contracts' names. */
  author: SecretKey;
  uniqueKeySalt: string;
};

type AuthoritiesFile = {
  format: 1;
  madeAt: number;
  certificates: string;
  map: string;
  author: string;
  uniqueKeySalt: string;
};

const DAY_MS = 86_400_000;
/** Clocks of machines that share a folder may differ. */
const VALID_BEFORE_MS = DAY_MS;
const VALID_FOR_MS = 3650 * DAY_MS;

export function openAuthorities(folder: NetworkFolder): Authorities {
  const file = JSON.parse(readOrCreate(folder.authorities, newAuthorities)) as AuthoritiesFile;
  const { madeAt, uniqueKeySalt } = file;
  const validity = { validFrom: madeAt - VALID_BEFORE_MS, validUntil: madeAt + VALID_FOR_MS };
  const key = secretKey(file.certificates);
  return {
    certificates: new DevelopmentAuthority({
      name: "O=Stateset local network,C=CH",
      key,
      ...validity,
    }),
    validity,
    map: secretKey(file.map),
    author: secretKey(file.author),
    uniqueKeySalt,
  };
}

function newAuthorities(): string {
  const secret = () => randomBytes(32).toString("hex");
  const file: AuthoritiesFile = {
    format: 1,
    madeAt: Date.now(),
    certificates: secret(),
    map: secret(),
    author: secret(),
    uniqueKeySalt: secret(),
  };
  return JSON.stringify(file);
}

function secretKey(hex: string): SecretKey {
  return { kind: "ed25519", secret: new Uint8Array(Buffer.from(hex, "hex")) };
}

/** An Ed25519 public key as configurations write it. */
export function publicHex(key: SecretKey): string {
  return publicKeyOf(key).key;
}
