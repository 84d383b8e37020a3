import {
  CodecError,
  type Hash,
  type SchemaData,
  schemaFromData,
  verifySignature,
} from "@stateset/codec";
import {
  type AttachedBundle,
  type BundleFile,
  bundleSignaturePayload,
  LedgerError,
  loadBundleFile,
} from "@stateset/ledger";
import { FLOW_API_VERSION } from "../flow-context.ts";
import { type AppBundle, decodeAppBundle, hashApp } from "./app-bundle.ts";
import { AppError } from "./app-error.ts";
import { tableFault } from "./table-fault.ts";

/** An app as data, with its contracts ready to check transactions against. */
export type ReadApp = {
  hash: Hash;
  bundle: AppBundle;
  contracts: readonly AttachedBundle[];
};

const APP_NAME = /^[a-z][a-z0-9-]*$/;

/**
 * Reads an app and checks all that can be checked without running it. Says nothing about who
 * vouches for it: `openApp` does.
 * @throws AppError `app/malformed`, `app/wrong-api`, `app/contract-missing`
 */
export function readApp(app: Uint8Array): ReadApp {
  const bundle = decodeAppBundle(app);
  if (bundle.api !== FLOW_API_VERSION)
    throw new AppError({ code: "app/wrong-api", found: bundle.api, supported: FLOW_API_VERSION });
  const contracts = bundle.contracts.map(readContract);
  assertDistinct(
    "contract",
    contracts.map((each) => each.bundle.name),
  );
  assertNames(bundle);
  for (const flow of bundle.flows) assertInput(flow.name, flow.input as SchemaData);
  assertTables(bundle, contracts);
  return { hash: hashApp(app), bundle, contracts };
}

function readContract(file: BundleFile): AttachedBundle {
  const contract = loadContract(file);
  const payload = bundleSignaturePayload(contract.hash);
  // It would be carried along with every transaction, and count for nothing.
  if (!file.signatures.every((signature) => verifySignature(signature, payload)))
    throw malformed(`a signature of contract ${contract.bundle.name} is not valid`);
  return contract;
}

function loadContract(file: BundleFile): AttachedBundle {
  try {
    return loadBundleFile(file);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    throw malformed(`a contract cannot be loaded: ${error.message}`);
  }
}

/** Flows and protocols bear the app's name, so that no app can take what is another's. */
function assertNames({ name: app, flows, protocols }: AppBundle): void {
  if (!APP_NAME.test(app)) throw malformed(`the app's name ${app} is not lower case`);
  for (const { name } of [...flows, ...protocols]) {
    const [first, verb, ...rest] = name.split("/");
    if (first !== app || rest.length > 0 || verb === undefined || !APP_NAME.test(verb))
      throw malformed(`${name} is not named ${app}/<verb>`);
  }
  assertDistinct(
    "flow",
    flows.map(({ name }) => name),
  );
  assertDistinct(
    "protocol",
    protocols.map(({ name, version }) => `${name} ${version}`),
  );
}

/** People and programs give inputs by field, so each has a name. */
function assertInput(flow: string, data: SchemaData): void {
  try {
    const { kind } = schemaFromData(data);
    if (kind === "record" || kind === "union") return;
    throw malformed(`the input of ${flow} is ${kind}, and must be a record or a union`);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw malformed(`the input of ${flow} is no schema: ${error.message}`);
  }
}

function assertTables({ tables }: AppBundle, contracts: readonly AttachedBundle[]): void {
  assertDistinct(
    "table",
    tables.map(({ contract, type }) => `${contract}/${type}`),
  );
  for (const table of tables) {
    const contract = contracts.find(({ bundle }) => bundle.name === table.contract);
    if (contract === undefined) throw contractMissing(table.contract, contracts);
    const fault = tableFault(table, contract);
    if (fault !== undefined) throw malformed(`table ${table.contract}/${table.type}: ${fault}`);
  }
}

export function contractMissing(name: string, contracts: readonly AttachedBundle[]): AppError {
  const present = contracts.map(({ bundle }) => bundle.name);
  return new AppError({ code: "app/contract-missing", contract: name, present });
}

function assertDistinct(what: string, names: readonly string[]): void {
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw malformed(`${what} ${repeated} twice`);
}

function malformed(reason: string): AppError {
  return new AppError({ code: "app/malformed", reason });
}
