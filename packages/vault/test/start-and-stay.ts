// Starts a server on the folder given, prints its process id, and stays until it is killed.
import { startEmbeddedPostgres } from "@stateset/vault";

const [folder = ""] = process.argv.slice(2);
const server = await startEmbeddedPostgres({ folder });
process.stdout.write(`${server.pid}\n`);
setInterval(() => {}, 1 << 30);
