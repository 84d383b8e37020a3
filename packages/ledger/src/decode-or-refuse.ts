import { CodecError, decode, type Infer, type Schema } from "@stateset/codec";
import { LedgerError, type LedgerFault } from "./ledger-error.ts";

/**
 * What bytes from outside stand for; where they are not canonical under the schema, the ledger's
 * own fault with the codec's reason.
 */
export function decodeOrRefuse<S extends Schema>(
  schema: S,
  bytes: Uint8Array,
  faultOf: (reason: string) => LedgerFault,
): Infer<S> {
  try {
    return decode(schema, bytes);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw new LedgerError(faultOf(error.message));
  }
}
