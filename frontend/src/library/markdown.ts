/** As much of Markdown as a model card uses: what it says, as blocks to draw. Nothing of it is ever taken as HTML. */

export type Span = { text: string; code: boolean };
export type Block =
  | { kind: "heading"; level: number; spans: Span[] }
  | { kind: "paragraph"; spans: Span[] }
  | { kind: "list"; items: Span[][] }
  | { kind: "table"; head: Span[][]; rows: Span[][][] };

const HEADING = /^(#{1,6})\s+(.*)$/;
const ITEM = /^[-*]\s+/;
const FRONT = /^---\n[\s\S]*?\n---\n/;

export function blocks(markdown: string): Block[] {
  const chunks = markdown
    .replaceAll("\r\n", "\n")
    .replace(FRONT, "")
    .split(/\n{2,}/);
  return chunks.map((chunk) => chunk.trim().split("\n")).flatMap((lines) => (lines[0] ? [block(lines)] : []));
}

function block(lines: string[]): Block {
  const [first = ""] = lines;
  const heading = HEADING.exec(first);
  if (heading) return { kind: "heading", level: heading[1]?.length ?? 1, spans: spans(heading[2] ?? "") };
  if (lines.every((line) => ITEM.test(line))) return { kind: "list", items: lines.map((line) => spans(line.replace(ITEM, ""))) };
  if (lines.length > 1 && lines.every((line) => line.startsWith("|"))) return table(lines);
  return { kind: "paragraph", spans: spans(lines.join(" ")) };
}

function table([head = "", , ...rows]: string[]): Block {
  return { kind: "table", head: cells(head), rows: rows.map(cells) };
}

function cells(line: string): Span[][] {
  return line
    .slice(1, line.endsWith("|") ? -1 : undefined)
    .split("|")
    .map((cell) => spans(cell.trim()));
}

function spans(text: string): Span[] {
  return text
    .split(/(`[^`]+`)/)
    .filter(Boolean)
    .map((part) =>
      part.startsWith("`") && part.length > 2 ? { text: part.slice(1, -1), code: true } : { text: plain(part), code: false },
    );
}

/** A backslash keeps what follows from meaning anything. */
function plain(text: string): string {
  return text.replaceAll(/\\([\\`*_{}[\]<>()#+\-.!|])/g, "$1");
}
