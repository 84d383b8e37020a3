import { CodecError, decode, schemaFromData } from "@stateset/codec";
import { LedgerError } from "../ledger-error.ts";
import { bundleSchema, hashBundle, type LoadedBundle } from "./bundle.ts";
import { declarationFault } from "./declarations.ts";
import { assertSafeAuthorities } from "./safe-authority.ts";

/**
 * Reads and checks a bundle, which may come from a stranger.
 * @throws LedgerError `bundle/malformed`, `bundle/unsafe-authority`
 */
export function loadBundle(bytes: Uint8Array): LoadedBundle {
  try {
    const bundle = decode(bundleSchema, bytes);
    const fault = declarationFault(bundle);
    if (fault !== undefined) throw malformed(fault);
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
