import type { Schema } from "@stateset/codec";
import { type Authority, authorityFault, authorityText } from "../authority.ts";
import { type AuthorityData, deriveAuthority } from "../authority-rule.ts";
import type { LoadedBundle } from "../bundle/bundle.ts";
import type { GuestValue, StateEntry } from "../contract/run-contract.ts";
import { decodeOrRefuse } from "../decode-or-refuse.ts";
import { LedgerError } from "../ledger-error.ts";
import type { Header, Output } from "../transaction/components.ts";
import type { BundlesByContract } from "./verify-bundles.ts";

/** A state decoded under its bundle's schema: an object with the schema's fields. */
export type DecodedState = StateEntry & { state: Record<string, GuestValue> };

/** @throws LedgerError `tx/unknown-state-type`, `tx/state-malformed` */
export function decodeState(
  output: Output,
  label: string,
  bundles: BundlesByContract,
): DecodedState {
  const { contract, type } = output;
  const definition = stateDefinition(bundles.get(contract), type);
  if (definition === undefined)
    throw new LedgerError({ code: "tx/unknown-state-type", contract, type });
  const state = decodeOrRefuse(definition.schema, output.data, (reason) => ({
    code: "tx/state-malformed",
    contract,
    state: label,
    reason,
  })) as Record<string, GuestValue>;
  return { contract, type, state };
}

/**
 * Every header says of its output what the contract says of the state.
 * @throws LedgerError `tx/header-authority`, `tx/authority-malformed`
 */
export function verifyHeaderAuthorities(
  headers: readonly Header[],
  outputs: readonly DecodedState[],
  bundles: BundlesByContract,
): void {
  for (const [output, state] of outputs.entries()) {
    const definition = stateDefinition(bundles.get(state.contract), state.type);
    const authority = deriveAuthority(definition?.authority as AuthorityData, state.state);
    const reason = authorityFault(authority);
    if (reason !== undefined)
      throw new LedgerError({ code: "tx/authority-malformed", output, reason });
    const expected = authorityText(authority);
    const found = authorityText((headers[output] as Header).authority as Authority);
    if (found !== expected)
      throw new LedgerError({ code: "tx/header-authority", output, expected, found });
  }
}

function stateDefinition(bundle: LoadedBundle | undefined, type: string) {
  return bundle?.states.get(type) as { schema: Schema; authority: AuthorityData } | undefined;
}
