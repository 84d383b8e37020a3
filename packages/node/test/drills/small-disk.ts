import { execFileSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@stateset/vault";

const BLOCK = Buffer.alloc(64 << 10);

/** Whether this process may mount a file system. */
export const MAY_MOUNT = process.platform === "linux" && process.getuid?.() === 0;

/** A disk of its own for the data of the embedded server on a folder, which can be filled up. */
export class SmallDisk {
  readonly #path: string;
  #isMounted = true;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Makes the server's data, and moves them to a file system in memory of so many megabytes. */
  static async under(folder: string, megabytes: number): Promise<SmallDisk> {
    const server = await startEmbeddedPostgres({ folder });
    await server.stop();
    const { home = folder } = JSON.parse(readFileSync(join(folder, "server.json"), "utf8")) as {
      home?: string;
    };
    const data = join(home, "data");
    const aside = join(home, "data.aside");
    renameSync(data, aside);
    mkdirSync(data);
    const { uid, gid } = statSync(aside);
    const options = `size=${megabytes}m,mode=0700,uid=${uid},gid=${gid}`;
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "stateset-drill", data]);
    execFileSync("cp", ["-a", `${aside}/.`, data]);
    rmSync(aside, { recursive: true });
    return new SmallDisk(data);
  }

  /** Takes all the room that is left. */
  fill(): void {
    const file = openSync(this.#ballast, "a");
    try {
      for (;;) writeSync(file, BLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.#ballast);
  }

  /** At once for everybody who comes, and for good when a server that hangs has ended. */
  unmount(): void {
    if (!this.#isMounted) return;
    this.#isMounted = false;
    execFileSync("umount", ["--lazy", this.#path]);
  }

  get #ballast(): string {
    return join(this.#path, "ballast");
  }
}
