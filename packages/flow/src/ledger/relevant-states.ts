import type { IdentityId, VerifiedTransaction } from "@stateset/ledger";
import type { Write } from "../ports/store.ts";
import type { StateTable } from "../ports/vault.ts";

/** The states of a transaction that concern an identity, as its vault keeps them. */
export function relevantStates(
  { id, contents, outputs }: VerifiedTransaction,
  notarisedAt: number,
  of: { identity: IdentityId; tables: ReadonlyMap<string, StateTable> },
): Write[] {
  const bundles = new Map(contents.attachments.map(({ contract, bundle }) => [contract, bundle]));
  return outputs.flatMap(({ contract, type, state }, index): Write[] => {
    const table = of.tables.get(`${contract}/${type}`);
    const bundle = bundles.get(contract);
    if (table === undefined || bundle === undefined) return [];
    const named = table.participants.map((field) => identityIn(state[field]));
    const participants = [...new Set(named.filter((each) => each !== undefined))];
    if (!participants.includes(of.identity)) return [];
    const isOurs = table.owner !== undefined && identityIn(state[table.owner]) === of.identity;
    return [
      {
        kind: "state",
        state: {
          ref: { txId: id, index },
          contract,
          type,
          state: state as Record<string, unknown>,
          participants,
          isOurs,
          bundle,
          notarisedAt,
        },
      },
    ];
  });
}

/** The identity of a field that holds a holder or a party, if it is there. */
function identityIn(field: unknown): IdentityId | undefined {
  const { identity, id } = (field ?? {}) as { identity?: IdentityId; id?: IdentityId };
  return identity ?? id;
}
