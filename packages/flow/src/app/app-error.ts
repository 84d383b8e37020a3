/** Why an app is not built or installed. Codes are stable; docs/spec/errors.md lists them. */
export type AppFault =
  /** The bytes are not an app, or its declarations cannot be meant as they stand. */
  | { code: "app/malformed"; reason: string }
  /** None of its signatures is valid. */
  | { code: "app/unsigned"; app: string }
  /** Signed, but by nobody whom this node trusts with running code. */
  | { code: "app/untrusted-signer"; app: string; signers: readonly string[] }
  /** Made for another version of what flows are written against. */
  | { code: "app/wrong-api"; found: number; supported: number }
  /** A table, or the code, speaks of a contract that the app does not carry. */
  | { code: "app/contract-missing"; contract: string; present: readonly string[] }
  /** The network gave the contract's name to somebody who did not sign it. */
  | { code: "app/contract-not-owned"; contract: string; bundle: string }
  /** The code is something else than the app says of it. */
  | { code: "app/mismatch"; field: string; reason: string }
  /** The code could not be run so far as to give its app. */
  | { code: "app/not-loadable"; app: string; reason: string }
  /** What lies under the app's hash in the node's folder is not its code. */
  | { code: "app/altered"; path: string }
  /** A folder holds no app, or one that does not compile. */
  | { code: "app/not-built"; folder: string; reason: string }
  /** The code reaches for what flows must leave to their context. */
  | { code: "app/impure"; imported: string; importers: readonly string[] };

/** Apps are built and installed by people, who read what is wrong and what to do. */
export class AppError extends Error {
  readonly fault: AppFault;

  constructor(fault: AppFault, options?: ErrorOptions) {
    super(`${fault.code}: ${sentenceOf(fault)}`, options);
    this.name = "AppError";
    this.fault = fault;
  }

  get code(): AppFault["code"] {
    return this.fault.code;
  }
}

function sentenceOf(fault: AppFault): string {
  switch (fault.code) {
    case "app/malformed":
    case "app/mismatch":
      return fault.reason;
    case "app/unsigned":
      return `no signature of app ${fault.app} is valid: build it with --sign-as, or get it from its maker`;
    case "app/untrusted-signer":
      return (
        `nobody whom this node trusts signed app ${fault.app}: its signers are ` +
        `${fault.signers.join(", ")}; add one to the trusted signers if you trust it with your node`
      );
    case "app/wrong-api":
      return (
        `the app is made for version ${fault.found} of the flow interface, and this node has ` +
        `${fault.supported}: build it again, or update the node`
      );
    case "app/contract-missing":
      return `the app has no contract ${fault.contract}, but ${fault.present.join(", ")}`;
    case "app/contract-not-owned":
      return (
        `contract ${fault.contract}, bundle ${fault.bundle}, is not signed by the owner that the ` +
        "network's parameters name: get the app with the owner's signature"
      );
    case "app/not-loadable":
      return `the code of app ${fault.app} cannot be run: ${fault.reason}`;
    case "app/altered":
      return `${fault.path} is not the code that was signed: find out who changed it, and remove it`;
    case "app/not-built":
      return `${fault.folder} cannot be built: ${fault.reason}`;
    case "app/impure":
      return (
        `flows reach the world through their context alone, and ${fault.importers.join(", ")} ` +
        `uses ${fault.imported}`
      );
  }
}
