import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** Where something is in a JSON text: the keys and indexes that lead to it. */
export type JsonPath = readonly string[];

/** Finds what stands at a line and column of a JSON text, both counted from 1; undefined where the text has no such place. */
export type PlaceFinder = (line: number, column: number | undefined) => JsonPath | undefined;

export function placesIn(text: string): PlaceFinder {
  const lines = new LineCounter();
  const root = parseDocument(text, { lineCounter: lines, logLevel: 'silent', strict: false }).contents;
  const texts = text.split('\n');
  return (line, column) => {
    const start = lines.lineStarts[line - 1];
    const content = texts[line - 1];
    if (start === undefined || content === undefined) return undefined;
    // Without a column, whatever begins on the line.
    const first = Math.max(0, content.search(/\S/));
    return pathAt(root, start + (column === undefined ? first : Math.max(first, Math.min(column - 1, content.length))));
  };
}

function pathAt(root: unknown, offset: number): JsonPath {
  const path: string[] = [];
  let node = root;
  for (;;) {
    const step = isMap(node) ? keyAt(node.items, offset) : isSeq(node) ? indexAt(node.items, offset) : undefined;
    if (step === undefined) return path;
    path.push(step.name);
    node = step.node;
  }
}

interface Step {
  readonly name: string;
  readonly node: unknown;
}

function keyAt(pairs: readonly { key: unknown; value: unknown }[], offset: number): Step | undefined {
  const found = pairs.find(({ key, value }) => {
    const from = (key as Node | null)?.range?.[0];
    const to = ((value ?? key) as Node | null)?.range?.[1];
    return from !== undefined && to !== undefined && from <= offset && offset < to;
  });
  return found === undefined || !isScalar(found.key) ? undefined : { name: String(found.key.value), node: found.value };
}

function indexAt(items: readonly unknown[], offset: number): Step | undefined {
  const at = items.findIndex((item) => {
    const range = (item as Node | null)?.range;
    return range !== null && range !== undefined && range[0] <= offset && offset < range[1];
  });
  return at < 0 ? undefined : { name: String(at), node: items[at] };
}
