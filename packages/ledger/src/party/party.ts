import {
  type Branded,
  encode,
  fromHex,
  type Infer,
  isKeyTree,
  keyTreeSchema,
  optional,
  record,
  taggedHash,
  text,
} from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import { networkIdSchema } from "../transaction/ids.ts";
import { assertLei } from "./lei.ts";
import type { IdentityId, Party } from "./party-schema.ts";
import { parseX500Name } from "./x500-name.ts";

/** What a company registers with: its names, and the key that is its first. */
export const registrationSchema = record({
  network: networkIdSchema,
  name: text({ min: 1, max: 1024 }),
  lei: optional(text({ max: 64 })),
  key: keyTreeSchema,
});
export type Registration = Infer<typeof registrationSchema>;

/**
 * A party as registered. Its id is the hash of its registration, so that whoever is shown the
 * registration can check the id without a registry; later keys are the network map's to tell.
 * @throws LedgerError where name, LEI or key are not valid
 */
export function registerParty(registration: Registration): Party {
  const { name, lei, key } = registration;
  if (!isKeyTree(key)) throw new LedgerError({ code: "party/bad-key", name });
  const id = taggedHash("identity", encode(registrationSchema, registration)) as string;
  const party: Party = { id: id as IdentityId, name, ...(lei === undefined ? {} : { lei }) };
  assertParty(party);
  return party;
}

/** @throws LedgerError where a party from outside has a malformed name or LEI */
export function assertParty(party: Party): void {
  parseX500Name(party.name);
  if (party.lei !== undefined) assertLei(party.lei);
}

/** What an authority shows of an identity: a commitment that only the state's holders can open. */
export function identityCommitment(id: IdentityId, blinding: string): IdentityCommitment {
  return taggedHash("commitment", fromHex(id), fromHex(blinding)) as string as IdentityCommitment;
}

export type IdentityCommitment = Branded<string, "IdentityCommitment">;
