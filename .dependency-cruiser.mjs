// The dependency table of ARCHITECTURE.md, section 2. A new arrow needs an ADR.
import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";

const ANY = "[^/]+";

const mayImport = {
  codec: [],
  ledger: ["codec"],
  "contract-vm": ["codec", "ledger"],
  flow: ["codec", "ledger", "contract-vm"],
  keys: ["codec", "ledger", "flow"],
  vault: ["codec", "ledger", "flow"],
  network: ["codec", "ledger", "flow"],
  notary: ["codec", "ledger", "contract-vm", "flow"],
  testing: ["codec", "ledger", "contract-vm", "flow"],
  simulator: [`(?!node/)${ANY}`],
  graphql: ["codec", "ledger", "flow", "vault"],
  node: [ANY],
  client: ["codec", "ledger"],
};
/** What tests may import besides: the one embedded server that there is. */
const testsMayImport = { notary: ["vault"] };
const appsMayImport = ["codec", "ledger", "flow"];
/** What an app shows others: its contract, and legs of a transaction that its flows can add. */
const OTHER_APPS = ["^apps/[^/]+/src/contract/index\\.ts$", "^apps/[^/]+/src/leg/index\\.ts$"];
const mayImportApps = ["simulator", "node"];

/** Tests stand beside the code (`*.test.ts`) or in `test/`. */
const TEST = "\\.test\\.ts$|^(packages|apps)/[^/]+/test/";

const arrows = Object.entries(mayImport).flatMap(([name, allowed]) => [
  {
    name: `arrow-${name}`,
    severity: "error",
    comment: `${name} may import ${allowed.join(", ") || "no package"}.`,
    from: { path: `^packages/${name}/`, pathNot: TEST },
    to: { path: "^(packages|apps)/", pathNot: allowedPaths(name, allowed) },
  },
  {
    name: `arrow-${name}-tests`,
    severity: "error",
    comment: `Tests of ${name} may import ${[...allowed, "testing"].join(", ")}.`,
    from: { path: `^packages/${name}/(src/.*\\.test\\.ts$|test/)` },
    to: {
      path: "^(packages|apps)/",
      pathNot: allowedPaths(name, [...allowed, "testing", ...(testsMayImport[name] ?? [])]),
    },
  },
]);

function allowedPaths(name, allowed) {
  const platform = [name, ...allowed].map((other) => `^packages/${other}/`);
  return mayImportApps.includes(name) ? [...platform, "^apps/"] : platform;
}

/** The files that the packages' `exports` point at. */
function exportedFiles() {
  return globSync("{packages,apps}/*/package.json").flatMap((manifest) => {
    const { exports = {} } = JSON.parse(readFileSync(manifest, "utf8"));
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === "string" ? target : Object.values(target),
    );
    return targets.map((target) => posix.join(posix.dirname(manifest), target));
  });
}

const appPackages = (names) => names.map((name) => `^packages/${name}/`);

const forbidden = [
  ...arrows,
  {
    name: "unknown-package",
    severity: "error",
    comment: "A new package needs a line in the dependency table above and in ARCHITECTURE.md.",
    from: { path: "^packages/", pathNot: `^packages/(${Object.keys(mayImport).join("|")})/` },
    to: {},
  },
  {
    name: "arrow-apps",
    severity: "error",
    comment: `Apps may import ${appsMayImport.join(", ")} and other apps' ./contract and ./leg.`,
    from: { path: "^apps/([^/]+)/", pathNot: TEST },
    to: {
      path: "^(packages|apps)/",
      pathNot: [...appPackages(appsMayImport), "^apps/$1/", ...OTHER_APPS],
    },
  },
  {
    name: "arrow-apps-tests",
    severity: "error",
    comment: "Tests of apps may import what apps may, and testing.",
    from: { path: `^apps/([^/]+)/(src/.*\\.test\\.ts$|test/)` },
    to: {
      path: "^(packages|apps)/",
      pathNot: [...appPackages([...appsMayImport, "testing"]), "^apps/$1/", ...OTHER_APPS],
    },
  },
  {
    name: "contract-sees-only-the-ledger",
    severity: "error",
    comment:
      "Contract code is hashed and runs in the VM: codec, ledger, contracts, and nothing else " +
      "(no I/O, clock, randomness, nor any npm package).",
    from: { path: "^apps/([^/]+)/src/contract/", pathNot: TEST },
    to: {
      pathNot: [
        ...appPackages(["codec", "ledger"]),
        "^apps/$1/src/contract/",
        "^apps/[^/]+/src/contract/index\\.ts$",
      ],
    },
  },
  {
    name: "only-the-public-list",
    severity: "error",
    comment: "Of another package, use what its package.json exports.",
    from: { path: "^((?:packages|apps)/[^/]+)/" },
    to: {
      path: "^(packages|apps)/",
      pathNot: ["^$1/", ...exportedFiles().map((path) => `^${path}$`)],
    },
  },
  {
    name: "no-relative-path-into-another-package",
    severity: "error",
    comment: "Import another package by its name, so that its package.json is the only entrance.",
    from: { path: "^((?:packages|apps)/[^/]+)/" },
    to: { path: "^(packages|apps)/", pathNot: "^$1/", dependencyTypes: ["local"] },
  },
  {
    name: "platform-does-not-import-tooling",
    severity: "error",
    comment: "tools/ and bench/ stand above the packages.",
    from: { path: "^(packages|apps)/" },
    to: { path: "^(tools|bench)/" },
  },
  {
    name: "no-cycle",
    severity: "error",
    comment: "Type-only imports count: put the shared type lower.",
    from: {},
    to: { circular: true },
  },
  {
    name: "codec-does-no-io",
    severity: "error",
    comment: "codec runs in a browser too; of Node it may use crypto alone.",
    from: { path: "^packages/codec/", pathNot: TEST },
    to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
  },
  {
    name: "ledger-does-no-io",
    severity: "error",
    comment: "ledger is pure and runs in a browser.",
    from: { path: "^packages/ledger/", pathNot: TEST },
    to: { dependencyTypes: ["core"] },
  },
  {
    name: "declared-for-production",
    severity: "error",
    comment: "What src imports stands in this package's dependencies, not in devDependencies.",
    from: { path: "^(packages|apps)/[^/]+/src/", pathNot: TEST },
    to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
  },
  {
    name: "no-test-in-production",
    severity: "error",
    comment: "Production code must not import a test.",
    from: { path: "^(packages|apps)/", pathNot: TEST },
    to: { path: TEST },
  },
  {
    name: "resolvable",
    severity: "error",
    comment: "The module does not exist.",
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden,
  options: {
    // TypeScript 7 has no JavaScript API; swc sees type-only imports as well.
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".js", ".mjs", ".json"],
    },
  },
};
