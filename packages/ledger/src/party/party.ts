import {
  type Branded,
  encode,
  fromHex,
  HASH_BYTES,
  hex,
  type KeyTree,
  keyTreeSchema,
  optional,
  record,
  taggedHash,
  text,
} from "@stateset/codec";
import type { NetworkId } from "../transaction/ids.ts";
import { assertLei } from "./lei.ts";
import type { IdentityId, Party } from "./party-schema.ts";
import { formatX500Name, parseX500Name, type X500Name } from "./x500-name.ts";

const registrationSchema = record({
  network: hex({ length: HASH_BYTES }),
  name: text({ min: 1, max: 1024 }),
  lei: optional(text({ min: 20, max: 20 })),
  key: keyTreeSchema,
});

/**
 * A party as first registered. Its id is the hash of its registration, so that whoever holds the
 * first key can prove the id without a registry; later keys are the network map's to tell.
 * @throws LedgerError where name or LEI are not valid
 */
export function registerParty(
  network: NetworkId,
  registration: { name: X500Name; lei?: string; key: KeyTree },
): Party {
  const name = formatX500Name(registration.name);
  const { lei, key } = registration;
  if (lei !== undefined) assertLei(lei);
  const entity = { name, ...(lei === undefined ? {} : { lei }) };
  const id = taggedHash("identity", encode(registrationSchema, { network, key, ...entity }));
  return { id: id as string as IdentityId, ...entity };
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
