export interface CodeBlock {
  language: string;
  /** Line of the first line of code, from 1. */
  line: number;
  code: string;
}

/** The fenced blocks of a Markdown text. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { fence: string; block: CodeBlock } | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    if (open !== undefined && line.trimEnd() === open.fence) {
      blocks.push(open.block);
      open = undefined;
    } else if (open !== undefined) {
      open.block.code += `${line}\n`;
    } else {
      const [, fence, language] = /^(`{3,})(\S*)/.exec(line) ?? [];
      if (fence !== undefined && language !== undefined) {
        open = { fence, block: { language, line: index + 2, code: "" } };
      }
    }
  }
  return blocks;
}

const PROMPT = "$ ";

export interface Command {
  line: number;
  command: string;
}

/** The `$ npx stateset …` lines of a console block; other lines are what they print. */
export function statesetCommands({ code, line }: CodeBlock): Command[] {
  return code
    .split("\n")
    .flatMap((text, index) =>
      text.startsWith(`${PROMPT}npx stateset`)
        ? [{ line: line + index, command: text.slice(PROMPT.length) }]
        : [],
    );
}
