import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const NODE_MODULES = join(import.meta.dirname, "../../../node_modules");

/** A small app: a note is kept by whoever wrote it, until it is handed on. */
const SOURCES: Record<string, string> = {
  "src/contract/index.ts": `
import { record, text } from "@stateset/codec/schema";
import { defineContract, holder, holderSchema } from "@stateset/ledger/contract";

export const noteContract = defineContract({
  name: "note",
  version: 1,
  states: {
    note: {
      schema: record({ owner: holderSchema, title: text({ min: 1, max: 80 }) }),
      authority: holder("owner"),
    },
  },
  rules: { titled: "a note has a title" },
  commands: {
    write: {
      data: record({}),
      creates: { note: { min: 1, signedBy: ["owner"] } },
      verify: (tx, rule) => {
        for (const note of tx.outputs.note) rule("titled", note.title.trim() !== "");
      },
    },
    hand: {
      data: record({}),
      consumes: { note: { min: 1, signedBy: ["owner"] } },
      creates: { note: { min: 1 } },
    },
  },
});
`,
  "src/write-note.ts": `
import { record, text } from "@stateset/codec/schema";
import { defineFlow, FlowFailure } from "@stateset/flow/app";

export const writeNote = defineFlow({
  name: "note/write",
  description: "Writes a note that this node's identity holds.",
  input: record({ title: text({ min: 1, max: 80 }) }),
  async run(flow, { title }) {
    if (title.trim() === "") throw new FlowFailure("note/untitled", "A note has a title.", { title });
    flow.progress("writing");
    return { title, at: await flow.now() };
  },
});
`,
  "src/hand-note.ts": `
import { text, record } from "@stateset/codec/schema";
import { defineProtocol, defineResponder } from "@stateset/flow/app";

export const handNote = defineProtocol({
  name: "note/hand",
  version: 1,
  messages: { offer: { from: "initiator", schema: record({ title: text({ max: 80 }) }) } },
});

export const takeNote = defineResponder(handNote, async (_, session) => {
  await session.receive("offer");
});
`,
  "src/index.ts": `
import { defineApp } from "@stateset/flow/app";
import { noteContract } from "./contract/index.ts";
import { takeNote } from "./hand-note.ts";
import { writeNote } from "./write-note.ts";

export default defineApp({
  name: "note",
  version: 1,
  description: "Notes that are held and handed on.",
  contract: noteContract,
  flows: [writeNote],
  responders: [takeNote],
  tables: [
    {
      contract: "note",
      type: "note",
      version: 1,
      columns: [
        { name: "title", type: "text", path: "title" },
        { name: "owner_id", type: "text", path: "owner.identity" },
      ],
      participants: ["owner"],
      owner: "owner",
      indexes: [["title"]],
    },
  ],
});
`,
};

/** The app's sources in a new folder, some of them changed. */
export function writeNoteApp(changes: Record<string, (source: string) => string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "note-app-"));
  symlinkSync(NODE_MODULES, join(folder, "node_modules"));
  for (const [name, source] of Object.entries(SOURCES)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, changes[name]?.(source) ?? source);
  }
  return folder;
}
