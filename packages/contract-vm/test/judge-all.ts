// Prints every case's outcome as JSON, for comparison with another process.
import { HOSTILE_CASES } from "./hostile/all-cases.ts";
import { flatten, judgeFresh } from "./vectors.ts";

process.stdout.write(JSON.stringify(HOSTILE_CASES.map((item) => flatten(judgeFresh(item)))));
