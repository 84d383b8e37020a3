import Type, { type Static, type TObject, type TProperties } from "typebox";

const PORT_MAX = 65_535;
/** Longer texts are a mistake: paths and names end well before it. */
const TEXT_MAX = 4096;

const path = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: TEXT_MAX, description, examples: [example] });

const address = (what: string, port: number) => ({
  host: Type.String({
    minLength: 1,
    maxLength: 255,
    description: `the address that ${what} listens on`,
    examples: ["127.0.0.1"],
  }),
  port: Type.Integer({
    minimum: 0,
    maximum: PORT_MAX,
    description: `the port that ${what} listens on; 0 takes a free one`,
    examples: [port],
  }),
});

/**
 * A node's configuration file. Paths are relative to the file's folder. Secrets stand in files or
 * environment variables of their own, so that the configuration itself can be shown and stored.
 */
export const nodeConfigSchema = closed({
  name: Type.String({
    pattern: "^[a-z0-9][a-z0-9-]{0,62}$",
    description: "what logs and metrics call the node: lower case, digits and dashes",
    examples: ["alice"],
  }),
  role: Type.Enum(["company", "notary"], {
    description: "what the node is on its network",
    examples: ["company"],
  }),
  development: Type.Optional(
    Type.Boolean({ description: "true on a network for trying things out", examples: [true] }),
  ),
  dataFolder: path("the folder for what the node writes", "data"),
  keyStore: closed(
    {
      path: path("the encrypted file with the node's keys", "keys.json"),
      passwordFile: Type.Optional(path("a file with the key store's password", "keys.password")),
      passwordEnv: Type.Optional(path("an environment variable with it", "STATESET_KEYS_PASSWORD")),
    },
    {
      description: "the node's keys",
      examples: [{ path: "keys.json", passwordFile: "keys.password" }],
    },
  ),
  networkMap: closed(
    {
      path: path("the signed file that lists the network's members", "network-map"),
      network: Type.String({
        pattern: "^[0-9a-f]{64}$",
        description: "the network's id, hexadecimal",
        examples: ["<64 hexadecimal digits>"],
      }),
      authority: Type.String({
        pattern: "^[0-9a-f]{64}$",
        description: "the Ed25519 public key of the network-map authority, hexadecimal",
        examples: ["<64 hexadecimal digits>"],
      }),
    },
    {
      description: "the network",
      examples: [{ path: "network-map", network: "<64 digits>", authority: "<64 digits>" }],
    },
  ),
  p2p: closed(
    {
      ...address("the connection to other nodes", 10_002),
      certificate: path("the node's TLS certificate, PEM", "node.pem"),
    },
    {
      description: "the connection to other nodes",
      examples: [{ host: "0.0.0.0", port: 10_002, certificate: "node.pem" }],
    },
  ),
  rest: closed(address("the REST interface", 8080), {
    description: "the REST interface",
    examples: [{ host: "127.0.0.1", port: 8080 }],
  }),
  database: Type.Optional(
    closed(
      {
        url: Type.Optional(path("PostgreSQL's address", "postgres://alice@127.0.0.1:5432/alice")),
        urlFile: Type.Optional(path("a file with PostgreSQL's address", "database.url")),
        urlEnv: Type.Optional(path("an environment variable with it", "STATESET_DATABASE_URL")),
        embedded: Type.Optional(
          closed(
            { folder: path("the folder of a PostgreSQL server of the node's own", "postgres") },
            {
              description: "a PostgreSQL server of the node's own",
              examples: [{ folder: "data" }],
            },
          ),
        ),
      },
      {
        description: "where ledger, vault and flows are kept",
        examples: [{ urlFile: "database.url" }],
      },
    ),
  ),
  notary: Type.Optional(
    closed(
      {
        chain: closed(
          {
            rpc: Type.String({
              pattern: "^https?://[^/@]+/?$",
              maxLength: TEXT_MAX,
              description: "the address of the member's CometBFT RPC",
              examples: ["http://127.0.0.1:26657"],
            }),
            workerKeyFile: path(
              "the file with the member's worker key, as notaryd makes it",
              "config/worker_key.json",
            ),
          },
          {
            description: "the chain of the cluster's member",
            examples: [{ rpc: "http://127.0.0.1:26657", workerKeyFile: "config/worker_key.json" }],
          },
        ),
      },
      {
        description: "the member of a cluster that the node works for",
        examples: [
          { chain: { rpc: "http://127.0.0.1:26657", workerKeyFile: "config/worker_key.json" } },
        ],
      },
    ),
  ),
  apps: Type.Optional(
    closed(
      {
        files: Type.Array(path("a signed app file", "cash.app"), {
          maxItems: 256,
          description: "the installed apps",
          examples: [["cash.app"]],
        }),
        trustedSigners: Type.Array(
          Type.String({
            pattern: "^[0-9a-f]{64}$",
            description: "an Ed25519 public key, hexadecimal",
            examples: ["<64 hexadecimal digits>"],
          }),
          {
            maxItems: 256,
            description: "whose signature an app needs to be run",
            examples: [["<64 hexadecimal digits>"]],
          },
        ),
      },
      {
        description: "the installed apps, and whom to trust for them",
        examples: [{ files: ["cash.app"], trustedSigners: ["<64 hexadecimal digits>"] }],
      },
    ),
  ),
  access: closed(
    { hs256SecretFile: path("a file with the secret that signs access tokens", "access.secret") },
    {
      description: "how users of the REST interface are known",
      examples: [{ hs256SecretFile: "access.secret" }],
    },
  ),
  log: Type.Optional(
    closed(
      {
        level: Type.Enum(["debug", "info", "warn", "error"], {
          description: "the least that is logged",
          examples: ["info"],
        }),
      },
      { description: "what is logged", examples: [{ level: "info" }] },
    ),
  ),
});
export type NodeConfig = Static<typeof nodeConfigSchema>;

function closed<P extends TProperties>(properties: P, options: object = {}): TObject<P> {
  return Type.Object(properties, { ...options, additionalProperties: false });
}
