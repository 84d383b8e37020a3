import type { TSchema } from "typebox";
import { Errors } from "typebox/value";
import { nearest } from "../nearest.ts";
import type { ConfigFault } from "./config-error.ts";
import { type NodeConfig, nodeConfigSchema } from "./node-config.ts";

type Schema = TSchema & {
  description?: string;
  examples?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
};

/** @returns all that is wrong with the form of a configuration, in the order of its keys */
export function configFaults(value: unknown): ConfigFault[] {
  const faults = Errors(nodeConfigSchema, value).flatMap((error) =>
    formFaults(error as FoundError, value),
  );
  return faults.length > 0 ? faults : ruleFaults(value as NodeConfig);
}

type FoundError = {
  keyword: string;
  instancePath: string;
  params: {
    requiredProperties?: string[];
    additionalProperties?: string[];
    allowedValues?: unknown[];
    limit?: number;
    type?: string;
  };
  message: string;
};

function formFaults(error: FoundError, value: unknown): ConfigFault[] {
  const steps = error.instancePath.split("/").slice(1);
  const key = steps.join(".");
  const schema = schemaAt(steps);
  const under = (name: string) => [...steps, name].join(".");
  switch (error.keyword) {
    case "required":
      return (error.params.requiredProperties ?? []).map((name) => ({
        code: "config/missing",
        key: under(name),
        problem: "is missing",
        remedy: remedyOf(schema?.properties?.[name], name),
      }));
    case "additionalProperties":
      return (error.params.additionalProperties ?? []).map((name) => ({
        code: "config/unknown-key",
        key: under(name),
        problem: "is not a key that is known here",
        remedy: rename(name, Object.keys(schema?.properties ?? {}), valueAt(steps, value)),
      }));
    case "boolean":
      return []; // the same as additionalProperties, said once more for the value
    default:
      return [
        {
          code: "config/bad-value",
          key,
          problem: `${shown(valueAt(steps, value))} ${error.message}`,
          remedy: remedyOf(schema, steps.at(-1) ?? "the file"),
        },
      ];
  }
}

/** The name that was meant, unless it is there as well. */
function rename(name: string, known: readonly string[], holder: unknown): string {
  const meant = nearest(name, known);
  const has = typeof holder === "object" && holder !== null ? Object.keys(holder) : [];
  if (meant !== undefined && !has.includes(meant)) return `did you mean "${meant}"?`;
  return `take it out, or use one of ${known.join(", ")}`;
}

function remedyOf(schema: Schema | undefined, name: string): string {
  const example = schema?.examples?.[0];
  const what = schema?.description ?? "a value";
  return `give ${what}, such as "${name}": ${JSON.stringify(example)}`;
}

/** What holds between keys, once each is well-formed. */
function ruleFaults(config: NodeConfig): ConfigFault[] {
  const faults: ConfigFault[] = [];
  faults.push(...databaseFaults(config));
  faults.push(...exactlyOne("keyStore", ["passwordFile", "passwordEnv"], config.keyStore));
  if (config.role === "company" && config.notary !== undefined)
    faults.push({
      code: "config/contradiction",
      key: "notary",
      problem: "is of no use to a company",
      remedy: 'take it out, or let "role" be "notary"',
    });
  if (config.role === "company" && config.apps === undefined)
    faults.push({
      code: "config/missing",
      key: "apps",
      problem: "is missing",
      remedy: remedyOf(schemaAt(["apps"]), "apps"),
    });
  if (config.role === "notary" && config.apps !== undefined)
    faults.push({
      code: "config/contradiction",
      key: "apps",
      problem: "is of no use to a notary",
      remedy: 'take it out, or let "role" be "company"',
    });
  return faults;
}

function databaseFaults({ role, database, notary, development }: NodeConfig): ConfigFault[] {
  const key = "database";
  if (database === undefined)
    return notary === undefined
      ? [
          {
            code: "config/missing",
            key,
            problem: "is missing",
            remedy: remedyOf(schemaAt([key]), key),
          },
        ]
      : [];
  if (role === "notary" && notary !== undefined)
    return [
      {
        code: "config/contradiction",
        key,
        problem: "is of no use to a cluster's worker, whose chain keeps what there is to keep",
        remedy: 'take it out, or take out "notary"',
      },
    ];
  const { url, ...otherUrls } = database;
  const faults = exactlyOne(key, ["url", "urlFile", "urlEnv", "embedded"], database);
  if (url === undefined || Object.keys(otherUrls).length > 0) return faults;
  return [...faults, ...urlFaults(url, development === true)];
}

function exactlyOne(key: string, names: readonly string[], value: object): ConfigFault[] {
  const given = names.filter((name) => Object.hasOwn(value, name));
  if (given.length === 1) return [];
  const all = names.map((name) => `${key}.${name}`).join(", ");
  if (given.length === 0)
    return [
      { code: "config/missing", key, problem: "is incomplete", remedy: `give one of ${all}` },
    ];
  return [
    {
      code: "config/contradiction",
      key,
      problem: `says ${given.join(" and ")} at once`,
      remedy: `give one of ${all}`,
    },
  ];
}

function urlFaults(url: string, isDevelopment: boolean): ConfigFault[] {
  const key = "database.url";
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol))
    return [
      {
        code: "config/bad-value",
        key,
        // The address may hold a password: it is not repeated.
        problem: "is not an address of PostgreSQL",
        remedy: remedyOf(schemaAt(["database", "url"]), "url"),
      },
    ];
  if (isDevelopment || (parsed.password === "" && !parsed.searchParams.has("password"))) return [];
  return [
    {
      code: "config/secret-in-clear",
      key,
      problem: "holds a password in clear",
      remedy: "put the address into a file and name it in database.urlFile, or use database.urlEnv",
    },
  ];
}

function schemaAt(steps: readonly string[]): Schema | undefined {
  let schema: Schema | undefined = nodeConfigSchema as Schema;
  for (const step of steps) schema = schema?.properties?.[step] ?? schema?.items;
  return schema;
}

function valueAt(steps: readonly string[], value: unknown): unknown {
  return steps.reduce<unknown>(
    (at, step) => (typeof at === "object" && at !== null ? Reflect.get(at, step) : undefined),
    value,
  );
}

const SHOWN_MAX = 60;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`;
}
