/** A text file of the repository; `path` is relative to the root, with forward slashes. */
export interface SourceFile {
  path: string;
  text: string;
}

export function linesOf({ text }: SourceFile): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

export function isTypeScript({ path }: SourceFile): boolean {
  return /\.(ts|tsx|mts)$/.test(path);
}

/** Hand-written program text, whatever the language. */
export function isCode(file: SourceFile): boolean {
  return /\.(ts|tsx|mts|mjs|js|cjs|go|sh|sql)$/.test(file.path) && !isGenerated(file);
}

export function isTest({ path }: SourceFile): boolean {
  return /\.test\.tsx?$|_test\.go$|^(packages|apps)\/[^/]+\/test\//.test(path);
}

/** What the platform and the apps ship. */
export function isProduction(file: SourceFile): boolean {
  return /^(packages|apps)\/[^/]+\/src\//.test(file.path) && isCode(file) && !isTest(file);
}

/** Go's convention, used for every language here: the first line says so. */
export function isGenerated({ path, text }: SourceFile): boolean {
  return path.includes(".generated.") || /^.*Code generated .* DO NOT EDIT/.test(text);
}
