import { readUbl } from "@stateset/invoice";
import type { DrillDocument } from "./drill.ts";

/** Comments, CDATA sections and instructions are passed over; tags open and close elements. */
const MARKUP =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(?<close>\/)?(?<name>[^\s>/]+)(?:"[^"]*"|'[^']*'|[^>"'])*?(?<empty>\/)?>/g;

/**
 * The same document under another number, and of another date if one is given: all else stays as it
 * is, byte for byte, and so do its sums.
 * @param xml UBL that was read before
 */
export function renumberedDocument(
  xml: Uint8Array,
  { number, issueDate }: { number: string; issueDate?: string },
): DrillDocument {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(xml);
  const changes = new Map([["ID", escaped(number)]]);
  if (issueDate !== undefined) changes.set("IssueDate", issueDate);
  const changed = new TextEncoder().encode(replaceTopLevel(text, changes));
  const ubl = readUbl(changed);
  if (ubl.number !== number || ubl.issueDate !== (issueDate ?? ubl.issueDate))
    throw new Error(`the document is called ${ubl.number}, of ${ubl.issueDate}`);
  return { xml: changed, ubl };
}

/** A number may have 128 bytes, and a character four of them. */
const NUMBER_KEPT = 24;

/** Another number that shows where it comes from. */
export function numberLike(number: string, suffix: string): string {
  return `${number.slice(0, NUMBER_KEPT).toWellFormed().trimEnd()}-${suffix}`;
}

/** Replaces the content of the root's children of these names. */
function replaceTopLevel(text: string, contents: ReadonlyMap<string, string>): string {
  let changed = "";
  let copied = 0;
  let depth = 0;
  let begun: number | undefined;
  for (const { 0: markup, index, groups = {} } of text.matchAll(MARKUP)) {
    const { close, name, empty } = groups;
    if (name === undefined) continue;
    const content = contents.get(name.slice(name.indexOf(":") + 1));
    if (close !== undefined) {
      depth--;
      if (depth !== 1 || content === undefined || begun === undefined) continue;
      changed += text.slice(copied, begun) + content;
      copied = index;
      begun = undefined;
    } else if (empty === undefined) {
      if (depth === 1 && content !== undefined) begun = index + markup.length;
      depth++;
    }
  }
  return changed + text.slice(copied);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
