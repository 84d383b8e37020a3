import { join, resolve } from "node:path";

/** Where a local network keeps what it made, and what it writes while it runs. */
export class NetworkFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  /** Says that the folder is one of ours, and what was made in it. */
  get marker(): string {
    return join(this.root, "stateset.json");
  }

  /** What `network up` tells while it runs, with the tokens: for commands in other terminals. */
  get running(): string {
    return join(this.root, "running.json");
  }

  get networkMap(): string {
    return join(this.root, "network-map");
  }

  /** The secrets behind certificates, network map and app bundles. */
  get authorities(): string {
    return join(this.root, "authorities.json");
  }

  get postgres(): string {
    return join(this.root, "postgres");
  }

  /** The homes of a notary cluster's members. */
  get cluster(): string {
    return join(this.root, "cluster");
  }

  app(name: string): string {
    return join(this.root, "apps", `${name}.app`);
  }

  node(name: string): NodeFolder {
    return new NodeFolder(join(this.root, "nodes", name));
  }
}

export class NodeFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  get config(): string {
    return join(this.root, "node.json");
  }

  get keyStore(): string {
    return join(this.root, "keys.json");
  }

  get keyStorePassword(): string {
    return join(this.root, "keys.password");
  }

  get certificate(): string {
    return join(this.root, "node.pem");
  }

  get databaseUrl(): string {
    return join(this.root, "database.url");
  }

  get accessSecret(): string {
    return join(this.root, "access.secret");
  }

  get data(): string {
    return join(this.root, "data");
  }

  get log(): string {
    return join(this.root, "node.log");
  }
}
