import { CodecError, decode, schemaFromData } from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import { bundleSchema, hashBundle, type LoadedBundle } from "./bundle.ts";
import { assertSafeAuthorities } from "./safe-authority.ts";

/**
 * Reads and checks a bundle, which may come from a stranger.
 * @throws LedgerError `bundle/malformed`, `bundle/unsafe-authority`
 */
export function loadBundle(bytes: Uint8Array): LoadedBundle {
  try {
    const bundle = decode(bundleSchema, bytes);
    const states = new Map(
      bundle.states.map(({ type, schema, authority }) => [
        type,
        { schema: schemaFromData(schema), authority },
      ]),
    );
    const commands = new Map(
      bundle.commands.map((command) => [
        command.name,
        { ...command, dataSchema: schemaFromData(command.data) },
      ]),
    );
    if (states.size < bundle.states.length) throw malformed("a state type stands twice");
    if (commands.size < bundle.commands.length) throw malformed("a command stands twice");
    assertSafeAuthorities(bundle);
    return { hash: hashBundle(bytes), bundle, states, commands };
  } catch (error) {
    if (error instanceof CodecError) throw malformed(error.message);
    throw error;
  }
}

function malformed(reason: string): LedgerError {
  return new LedgerError({ code: "bundle/malformed", reason });
}
