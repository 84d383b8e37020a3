// npm run generate:vectors writes what vectors.test.ts compares with.
import { writeFileSync } from "node:fs";
import { NOTARY_VECTORS, notaryVectors } from "./notary-vectors.ts";

writeFileSync(NOTARY_VECTORS, notaryVectors());
