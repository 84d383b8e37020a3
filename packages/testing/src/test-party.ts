import { publicKeyOf, type SecretKey, toHex } from "@stateset/codec";
import {
  type CommandSigner,
  consentToKey,
  formatX500Name,
  type Holder,
  type NetworkId,
  type Party,
  type RandomBytes,
  registerParty,
} from "@stateset/ledger";

/** A company in a test: its registration, and the keys that its node would keep. */
export type TestParty = {
  party: Party;
  key: SecretKey;
  /** As states name it, with a fresh one-time key if asked. */
  holder(options?: { oneTimeKey?: boolean }): Holder;
  signer: CommandSigner;
};

export function testParty(
  network: NetworkId,
  name: { organisation: string; country?: string; lei?: string },
  random: RandomBytes,
  remember: (key: SecretKey) => void,
): TestParty {
  const key: SecretKey = { kind: "ed25519", secret: random(32) };
  remember(key);
  const { organisation, country = "CH", lei } = name;
  const party = registerParty({
    network,
    name: formatX500Name({ organisation, country }),
    key: publicKeyOf(key),
    ...(lei === undefined ? {} : { lei }),
  });
  return {
    party,
    key,
    signer: { kind: "identity", identity: party.id },
    holder({ oneTimeKey = false } = {}) {
      const holder: Holder = { identity: party.id, blinding: toHex(random(32)) };
      if (!oneTimeKey) return holder;
      const oneTime: SecretKey = { kind: "ed25519", secret: random(32) };
      remember(oneTime);
      return consentToKey(network, { ...holder, key: publicKeyOf(oneTime) }, key);
    },
  };
}
