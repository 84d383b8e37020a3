/** Why the embedded PostgreSQL does not run. Codes are stable; `remedy` is for people. */
export type PostgresFault =
  | { code: "postgres/unsupported-platform"; platform: string; remedy: string }
  | { code: "postgres/no-account"; tried: string[]; remedy: string }
  | { code: "postgres/folder-in-use"; folder: string; pid: number; remedy: string }
  | { code: "postgres/folder-copied"; folder: string; original: string; remedy: string }
  | { code: "postgres/folder-damaged"; folder: string; reason: string; remedy: string }
  | {
      code: "postgres/other-version";
      folder: string;
      found: string;
      expected: string;
      remedy: string;
    }
  | { code: "postgres/permission-denied"; path: string; reason: string; remedy: string }
  | { code: "postgres/disk-full"; path: string; remedy: string }
  | { code: "postgres/port-busy"; port: number; remedy: string }
  | { code: "postgres/bad-name"; name: string; remedy: string }
  | { code: "postgres/failed"; reason: string; remedy: string };

export class PostgresError extends Error {
  readonly fault: PostgresFault;

  constructor(fault: PostgresFault, options?: ErrorOptions) {
    const { code, ...facts } = fault;
    super(`${code}: ${JSON.stringify(facts)}`, options);
    this.name = "PostgresError";
    this.fault = fault;
  }

  get code(): PostgresFault["code"] {
    return this.fault.code;
  }
}

/** Reads what initdb or the server last said before it gave up. */
export function faultOf(output: string, context: { folder: string; port?: number }): PostgresFault {
  const { folder, port } = context;
  if (/No space left on device|ENOSPC/.test(output)) {
    return {
      code: "postgres/disk-full",
      path: folder,
      remedy: "free space there, then start again",
    };
  }
  if (port !== undefined && /could not bind|Address already in use/.test(output)) {
    return { code: "postgres/port-busy", port, remedy: "choose another port, or leave it out" };
  }
  if (/lock file ".*" already exists/.test(output)) {
    const pid = Number(/\(PID (\d+)\)/.exec(output)?.[1] ?? 0);
    return { code: "postgres/folder-in-use", folder, pid, remedy: "stop that process first" };
  }
  const denied =
    /.*(?:Permission denied|Operation not permitted|EACCES|EPERM|EROFS|Read-only file system).*/.exec(
      output,
    );
  if (denied !== null) {
    const remedy = "give the account that runs it access, or choose another folder";
    return { code: "postgres/permission-denied", path: folder, reason: denied[0].trim(), remedy };
  }
  const reason = output.trim().split("\n").slice(-5).join("\n");
  return { code: "postgres/failed", reason, remedy: "see the server's log lines above" };
}
