// A file as the value of an input, read in the browser; the same reading as `handed.py`.
const MOST_BYTES = 12 * 2 ** 20;

export class FileUnreadable extends Error {}
export class FileTooLarge extends Error {}

export async function readFile(file) {
  if (file.size > MOST_BYTES) throw new FileTooLarge(file.name);
  try {
    const bytes = await file.arrayBuffer();
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const ending = file.name.toLowerCase().split(".").pop();
    if (ending === "json") return JSON.parse(text);
    if (ending === "jsonl" || ending === "ndjson") {
      return text.split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));
    }
    if (ending === "csv") return records(text, ",");
    if (ending === "tsv") return records(text, "\t");
    return text;
  } catch (error) {
    throw new FileUnreadable(file.name, { cause: error });
  }
}

function records(text, comma) {
  const [head, ...rows] = split(text, comma).filter((row) => row.length > 1 || row[0] !== "");
  if (!head) return [];
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, cell(row[at])])));
}

// Rows of cells; a quoted cell may hold commas, line ends and doubled quotes.
function split(text, comma) {
  const rows = [[]];
  let at = 0;
  while (at <= text.length) {
    let value = "";
    if (text[at] === '"') {
      at += 1;
      while (at < text.length && (text[at] !== '"' || text[at + 1] === '"')) {
        if (text[at] === '"') at += 1;
        value += text[at];
        at += 1;
      }
      at += 1;
    }
    const began = at;
    while (at < text.length && text[at] !== comma && text[at] !== "\n" && text[at] !== "\r") at += 1;
    rows.at(-1).push(value + text.slice(began, at));
    if (text[at] === "\r" && text[at + 1] === "\n") at += 1;
    if (text[at] === "\n" || text[at] === "\r") rows.push([]);
    at += 1;
  }
  return rows;
}

// A number where it is written as one; 007 and 1e5 stay text.
function cell(text) {
  if (text === undefined) return null;
  const said = text.trim();
  if (/^[+-]?(0|[1-9]\d*)$/.test(said) && Number.isSafeInteger(Number(said))) return Number(said);
  if (/^[+-]?\d+\.\d+$/.test(said)) return Number(said);
  return text;
}
