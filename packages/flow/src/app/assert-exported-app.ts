import { CodecError, compareBytes, encode, type Schema } from "@stateset/codec";
import { bundleOf, encodeBundle } from "@stateset/ledger";
import type { Contract } from "@stateset/ledger/contract";
import type { App } from "./app.ts";
import { AppError } from "./app-error.ts";
import { MANIFEST_FIELDS, manifestOf } from "./app-manifest.ts";
import { contractMissing, type ReadApp } from "./read-app.ts";

/**
 * That the default export of an app's code is the app which its manifest and contracts describe.
 * What was reviewed and signed as data is then what runs.
 * @throws AppError `app/mismatch`, `app/contract-missing`, `app/malformed`
 */
export function assertExportedApp(exported: unknown, read: ReadApp): App {
  assertApp(exported);
  const manifest: Record<string, unknown> = manifestOf(exported);
  const declared: Record<string, unknown> = read.bundle;
  for (const [field, schema] of Object.entries(MANIFEST_FIELDS)) {
    const declaredBytes = encode(schema as Schema, declared[field] as never);
    if (compareBytes(encodeExported(field, schema, manifest[field]), declaredBytes) !== 0)
      throw mismatch(field, `the code's ${field} is not what the app says`);
  }
  assertContract(exported, read);
  return exported;
}

function encodeExported(field: string, schema: Schema, value: unknown): Uint8Array {
  try {
    return encode(schema, value as never);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw mismatch(field, `the code's ${field} cannot be written: ${error.message}`);
  }
}

/** The contract that flows build with is the one whose bundle goes along, but for its rules' code. */
function assertContract({ contract }: App, { contracts }: ReadApp): void {
  const attached = contracts.find(({ bundle }) => bundle.name === contract.name);
  if (attached === undefined) throw contractMissing(contract.name, contracts);
  const { bundle } = attached;
  const own = bundleOf(contract as unknown as Contract, bundle.code);
  if (compareBytes(encodeBundle(own), encodeBundle(bundle)) !== 0)
    throw mismatch("contract", `the code's contract ${contract.name} is not the one attached`);
}

/** @throws AppError `app/mismatch` that names what of an app is lacking */
export function assertApp(value: unknown): asserts value is App {
  if (typeof value !== "object" || value === null)
    throw mismatch("default", "the default export is no app: write export default defineApp({…})");
  const app = value as Partial<Record<keyof App, unknown>>;
  for (const [field, isOf] of Object.entries(APP_FIELDS))
    if (!isOf(app[field as keyof App]))
      throw mismatch(field, `the app's ${field} is not as needed`);
}

const APP_FIELDS: Record<keyof App, (value: unknown) => boolean> = {
  name: (value) => typeof value === "string",
  version: (value) => typeof value === "number",
  description: (value) => typeof value === "string",
  contract: (value) => hasAll(value, "name", "version", "states", "commands", "rules"),
  flows: (value) => isListOf(value, "name", "description", "input", "run"),
  responders: (value) => isListOf(value, "protocol", "run"),
  tables: (value) => isListOf(value, "contract", "type", "version", "columns", "participants"),
};

function isListOf(value: unknown, ...fields: string[]): boolean {
  return Array.isArray(value) && value.every((each) => hasAll(each, ...fields));
}

function hasAll(value: unknown, ...fields: string[]): boolean {
  return typeof value === "object" && value !== null && fields.every((field) => field in value);
}

function mismatch(field: string, reason: string): AppError {
  return new AppError({ code: "app/mismatch", field, reason });
}
