import { type LockFile, missingPackages } from "./lock-file.ts";
import { platformOf } from "./platform-of.ts";

/**
 * Adds the platform packages that npm dropped from the lock.
 *
 * A registry mirror that lacks, say, a tool's macOS binary makes `npm install` leave it out without
 * a word, and then every `npm ci` fails with "Missing … from lock file", on Linux too. The added
 * entries carry no integrity hash, because this machine could not see the package; an install on
 * that platform fills it in.
 */
export function completeLock(lock: LockFile): { lock: LockFile; added: string[] } {
  const packages = { ...lock.packages };
  const added: string[] = [];
  for (const { name, version, askedBy } of missingPackages(lock)) {
    const platform = platformOf(name);
    if (platform === undefined || !/^\d+\.\d+\.\d+/.test(version)) {
      throw new Error(`${askedBy} asks for ${name}@${version}: add it to the lock by hand`);
    }
    packages[`node_modules/${name}`] = { version, optional: true, ...platform };
    added.push(`${name}@${version}`);
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en"));
  return { lock: { ...lock, packages: Object.fromEntries(sorted) }, added };
}
