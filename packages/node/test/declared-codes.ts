import { parseSync, Visitor } from "oxc-parser";

/** A code of a union of faults, with the names of its facts; `?` behind those that may be absent. */
export type DeclaredCode = { code: string; facts: string[] };

const ON_THE_SPOT = ["RequestError", "RemoteFailure", "FlowFailure"];

/** The parts of a syntax tree that a union of faults is made of. */
type Node = {
  type: string;
  types?: Node[];
  members?: Node[];
  typeAnnotation?: Node;
  key?: { name?: string; value?: unknown };
  optional?: boolean;
  literal?: { value?: unknown };
  value?: unknown;
  callee?: { name?: string };
  arguments?: Node[];
  properties?: Node[];
};

/**
 * The codes of every type in the source called `…Fault` or `…Failure`, and of every union schema
 * called `…FaultSchema`. A remedy is not a fact: it is for people.
 */
export function declaredCodes(path: string, text: string): DeclaredCode[] {
  const declared: DeclaredCode[] = [];
  new Visitor({
    TSTypeAliasDeclaration({ id, typeAnnotation }) {
      if (/(Fault|Failure)$/.test(id.name)) declared.push(...ofType(typeAnnotation as Node));
    },
    VariableDeclarator({ id, init }) {
      if (id.type === "Identifier" && /FaultSchema$/.test(id.name))
        declared.push(...ofSchema(init as Node));
    },
  }).visit(parseSync(path, text).program);
  return declared;
}

/** The first argument of every failure that is made on the spot, where it stands there in full. */
export function thrownCodes(path: string, text: string): string[] {
  const codes: string[] = [];
  new Visitor({
    NewExpression({ callee, arguments: [first] }) {
      if (callee.type !== "Identifier" || !ON_THE_SPOT.includes(callee.name)) return;
      if (first?.type === "Literal" && typeof first.value === "string") codes.push(first.value);
    },
  }).visit(parseSync(path, text).program);
  return codes;
}

/** Every text in the source, whatever it is for; comments are none. */
export function textsIn(path: string, text: string): string[] {
  const texts: string[] = [];
  new Visitor({
    Literal({ value }) {
      if (typeof value === "string") texts.push(value);
    },
  }).visit(parseSync(path, text).program);
  return texts;
}

function ofType(node: Node): DeclaredCode[] {
  if (node.type === "TSUnionType") return (node.types ?? []).flatMap(ofType);
  if (node.type === "TSParenthesizedType")
    return node.typeAnnotation ? ofType(node.typeAnnotation) : [];
  // What several codes share stands in a type of its own; the document says it once as well.
  if (node.type === "TSIntersectionType") return (node.types ?? []).flatMap(ofType);
  const members = node.members ?? [];
  const code = members.find(({ key }) => key?.name === "code")?.typeAnnotation?.typeAnnotation;
  const codes = code?.type === "TSUnionType" ? (code.types ?? []) : [code];
  const facts = members.filter(({ key }) => key?.name !== "code").map(factName);
  return codes.flatMap((each) =>
    typeof each?.literal?.value === "string"
      ? [{ code: each.literal.value, facts: facts.filter((name) => name !== "remedy") }]
      : [],
  );
}

function factName({ key, optional }: Node): string {
  return `${key?.name}${optional === true ? "?" : ""}`;
}

/** `union({ "family/code": record({ fact: … }), … })`. */
function ofSchema({ callee, arguments: [variants] = [] }: Node): DeclaredCode[] {
  if (callee?.name !== "union") return [];
  return (variants?.properties ?? []).map(({ key, value }) => {
    const [fields] = (value as Node).arguments ?? [];
    const facts = (fields?.properties ?? []).map((field) =>
      factName({ ...field, optional: (field.value as Node).callee?.name === "optional" }),
    );
    return { code: String(key?.value), facts };
  });
}
