/**
 * Where a program calls functions: enough of Python to find `hermod.call("name", …)` and to colour a program.
 * What a call means is decided by the engine; this is for looking at it.
 */

export interface CallSite {
  function: string;
  start: number;
  end: number;
  /** The same in the serial program and the distributed one: its text, and which of those with that text. */
  key: string;
}

export type Kind = "text" | "comment" | "string" | "keyword" | "number";

export interface Token {
  kind: Kind;
  start: number;
  end: number;
}

const KEYWORDS = new Set(
  ("and as assert async await break class continue def del elif else except False finally for from global if " +
    "import in is lambda None nonlocal not or pass raise return True try while with yield").split(" "),
);

const TOKEN =
  /#[^\n]*|(?<string>[rbfRBF]{0,2}("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))|(?<word>[A-Za-z_]\w*)|(?<number>\d[\w.]*)/g;

export function tokens(source: string): Token[] {
  const found: Token[] = [];
  for (const match of source.matchAll(TOKEN)) {
    const start = match.index;
    found.push({ kind: kindOf(match), start, end: start + match[0].length });
  }
  return found;
}

function kindOf(match: RegExpMatchArray): Kind {
  if (match.groups?.["string"] !== undefined) return "string";
  if (match.groups?.["number"] !== undefined) return "number";
  if (match.groups?.["word"] !== undefined) return KEYWORDS.has(match[0]) ? "keyword" : "text";
  return "comment";
}

const CALL = /\bhermod\.call\(\s*(["'])([\w.-]+)\1/g;

export function callSites(source: string): CallSite[] {
  const hidden = tokens(source).filter((token) => token.kind === "comment" || token.kind === "string");
  const inside = (at: number) => hidden.some((token) => token.start <= at && at < token.end);
  const seen = new Map<string, number>();
  const sites: CallSite[] = [];
  for (const match of source.matchAll(CALL)) {
    const start = match.index;
    if (inside(start)) continue;
    const end = closing(source, start + "hermod.call(".length, hidden);
    const text = source.slice(start, end).replace(/\s+/g, "");
    const before = seen.get(text) ?? 0;
    seen.set(text, before + 1);
    sites.push({ function: match[2] ?? "", start, end, key: `${text}#${before}` });
  }
  return sites;
}

/** The end of the parenthesis that was opened before `from`. */
function closing(source: string, from: number, hidden: Token[]): number {
  let depth = 1;
  for (let at = from; at < source.length; at += 1) {
    const token = hidden.find((token) => token.start === at);
    if (token) {
      at = token.end - 1;
      continue;
    }
    const character = source[at];
    if (character === "(" || character === "[" || character === "{") depth += 1;
    if (character === ")" || character === "]" || character === "}") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return source.length;
}

export interface Piece {
  text: string;
  kind: Kind;
  site?: CallSite;
}

/** A program as lines of pieces, each of one colour and in one call at most. */
export function lines(source: string): Piece[][] {
  const sites = callSites(source);
  const edges = new Set([0, source.length]);
  const coloured = tokens(source);
  for (const { start, end } of [...coloured, ...sites]) edges.add(start).add(end);
  const cuts = [...edges].sort((a, b) => a - b);
  const result: Piece[][] = [[]];
  let token = 0;
  for (let index = 0; index + 1 < cuts.length; index += 1) {
    const start = cuts[index] ?? 0;
    while ((coloured[token]?.end ?? Infinity) <= start) token += 1;
    const at = coloured[token];
    const kind = at && at.start <= start ? at.kind : "text";
    const site = sites.find((site) => site.start <= start && start < site.end);
    const texts = source.slice(start, cuts[index + 1]).split("\n");
    texts.forEach((text, line) => {
      if (line > 0) result.push([]);
      if (text) result.at(-1)?.push(site ? { text, kind, site } : { text, kind });
    });
  }
  if (result.at(-1)?.length === 0 && result.length > 1) result.pop();
  return result;
}

/** Functions whose every call here is about a whole input picture, so that boxes they find lie on it. */
export function lookAtWhole(source: string): Map<string, string> {
  const opened = new Map<string, string>();
  for (const match of source.matchAll(/^\s*(\w+)\s*=\s*Image\.open\(\s*(["'])(.+?)\2\s*\)\s*$/gm)) {
    opened.set(match[1] ?? "", match[3] ?? "");
  }
  const whole = new Map<string, string>();
  const partly = new Set<string>();
  for (const site of callSites(source)) {
    const name = /\bimage\s*=\s*(\w+)\s*[,)]/.exec(source.slice(site.start, site.end))?.[1];
    const input = name === undefined ? undefined : opened.get(name);
    if (input === undefined || (whole.get(site.function) ?? input) !== input) partly.add(site.function);
    else whole.set(site.function, input);
  }
  for (const name of partly) whole.delete(name);
  return whole;
}
