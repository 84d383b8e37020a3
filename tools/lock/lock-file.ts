interface LockEntry {
  version?: string;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  [field: string]: unknown;
}

export interface LockFile {
  packages: Record<string, LockEntry>;
  [field: string]: unknown;
}

export interface MissingPackage {
  /** The lock's key of the package that asks for it. */
  askedBy: string;
  name: string;
  version: string;
}

/** Optional dependencies that some package asks for and the lock does not hold. */
export function missingPackages(lock: LockFile): MissingPackage[] {
  return Object.entries(lock.packages).flatMap(([askedBy, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isResolvable(lock, askedBy, name))
      .map(([name, version]) => ({ askedBy, name, version })),
  );
}

/** Looks where Node would look: in the asking package's node_modules, then in each one above. */
function isResolvable(lock: LockFile, askedBy: string, name: string): boolean {
  for (let folder = askedBy; ; folder = parentOf(folder)) {
    const key = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (key in lock.packages) return true;
    if (folder === "") return false;
  }
}

function parentOf(folder: string): string {
  const end = folder.lastIndexOf("node_modules/");
  return end <= 0 ? "" : folder.slice(0, end - 1);
}
