// npm run generate:vectors writes what vectors.test.ts compares with.
import { writeFileSync } from "node:fs";
import { VECTORS_FOLDER, vectorTexts } from "./vector-files.ts";

for (const [file, text] of vectorTexts()) writeFileSync(new URL(file, VECTORS_FOLDER), text);
