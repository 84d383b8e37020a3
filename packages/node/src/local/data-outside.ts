import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { NetworkFolder } from "./network-folder.ts";

/**
 * What a local network keeps outside its folder: as root, its database server's data lie where an
 * unprivileged account can reach them. Only what names the folder as its owner is believed to be
 * the folder's.
 */
export async function dataOutside(folder: string): Promise<string[]> {
  const { postgres } = new NetworkFolder(folder);
  try {
    const record = await readFile(join(postgres, "server.json"), "utf8");
    const { home } = JSON.parse(record) as { home?: unknown };
    if (typeof home !== "string") return [];
    const owner = await readFile(join(home, "folder"), "utf8");
    return owner === (await realpath(postgres)) ? [home] : [];
  } catch {
    return []; // no server, or one whose data are gone
  }
}
