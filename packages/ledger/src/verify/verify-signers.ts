import { isKeyTreeSatisfied, keyId } from "@stateset/codec";
import { type Authority, isAuthoritySatisfied } from "../authority.ts";
import { holdersOf } from "../authority-rule.ts";
import type { LedgerFault } from "../ledger-error.ts";
import type { IdentityId } from "../party/party-schema.ts";
import { formatStateRef, type StateRef } from "../transaction/ids.ts";
import type { TransactionContents } from "./transaction-contents.ts";
import type { BundlesByContract } from "./verify-bundles.ts";
import { signerText } from "./verify-commands.ts";
import type { ResolvedState, VerifyContext } from "./verify-context.ts";
import type { DecodedState } from "./verify-states.ts";

/**
 * What the transaction still lacks of signatures, by the keys that signed: for the authority of
 * every input, every signer that a command lists, and the owner of every unique key. Each is a fault
 * `tx/authority-unsatisfied`, `tx/signer-missing` or `tx/unique-key-owner-missing`.
 */
export function* missingSigners(
  contents: TransactionContents,
  inputs: readonly (ResolvedState & { decoded: DecodedState })[],
  signed: ReadonlySet<string>,
  known: { bundles: BundlesByContract; context: VerifyContext },
): Iterable<LedgerFault> {
  const { bundles, context } = known;
  const decidedAt = context.blockTime ?? contents.timeWindow.from ?? 0;
  for (const [i, { header, createdAt, decoded }] of inputs.entries()) {
    const rule = bundles.get(decoded.contract)?.states.get(decoded.type)?.authority;
    const isSatisfied = isAuthoritySatisfied(header.authority as Authority, {
      signed,
      openings: rule === undefined ? [] : holdersOf(rule, decoded.state),
      identityKey: context.identityKey,
      ageMs: decidedAt - createdAt,
    });
    const ref = formatStateRef(contents.inputs[i] as StateRef);
    if (!isSatisfied) yield { code: "tx/authority-unsatisfied", ref };
  }
  const judged = new Map<IdentityId, boolean>();
  const hasSigned = (identity: IdentityId): boolean => {
    let has = judged.get(identity);
    if (has === undefined) {
      const key = context.identityKey(identity);
      has = key !== undefined && isKeyTreeSatisfied(key, (each) => signed.has(keyId(each)));
      judged.set(identity, has);
    }
    return has;
  };
  for (const { contract, name, signers } of contents.commands)
    for (const signer of signers) {
      const has =
        signer.kind === "key" ? signed.has(keyId(signer.key)) : hasSigned(signer.identity);
      const command = `${contract}/${name}`;
      if (!has) yield { code: "tx/signer-missing", command, signer: signerText(signer) };
    }
  for (const { kind, owner } of contents.uniqueKeys)
    if (!hasSigned(owner)) yield { code: "tx/unique-key-owner-missing", kind, owner };
}
