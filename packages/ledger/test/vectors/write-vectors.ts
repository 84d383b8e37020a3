// npm run generate:vectors writes what vectors.test.ts compares with.
import { writeFileSync } from "node:fs";
import { VECTOR_FILES, VECTORS_FOLDER, vectorText } from "./vector-files.ts";

for (const file of Object.keys(VECTOR_FILES))
  writeFileSync(new URL(file, VECTORS_FOLDER), vectorText(file));
