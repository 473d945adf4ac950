import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { printableLine } from '../text/printable.ts';
import type { Problem } from './diagnostic.ts';

/** Keys of maps and indexes of sequences, from the top of a file. */
export type ConfigPath = readonly (string | number)[];

/** A place in a configuration file; line and column are 1-based. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A file that was parsed: what positions are looked up in. */
export interface ParsedFile {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** What stands at a path of a file, and was written in another one. */
export interface Joined {
  readonly path: ConfigPath;
  readonly origin: Origin;
}

/**
 * Where a value of the configuration was written. A value may come from several layers (`extends`): the first layer that has
 * the path answers. Positions are computed when asked for; `why`, validation and reviews stand on this.
 */
export class Origin {
  readonly #layers: readonly ParsedFile[];
  readonly #joined: readonly Joined[];
  readonly path: ConfigPath;

  constructor(layers: readonly ParsedFile[], path: ConfigPath = [], joined: readonly Joined[] = []) {
    this.#layers = layers;
    this.#joined = joined;
    this.path = path;
  }

  /** The origin of a value inside this one. */
  at(...path: ConfigPath): Origin {
    const whole = [...this.path, ...path];
    const from = this.#joined.find((each) => each.path.every((part, index) => whole[index] === part));
    if (from !== undefined) return from.origin.at(...whole.slice(from.path.length));
    return new Origin(this.#layers, whole, this.#joined);
  }

  /** The same file, with values at some of its paths that are written elsewhere. Only for the top of a file. */
  joinedWith(joined: readonly Joined[]): Origin {
    return new Origin(this.#layers, this.path, [...this.#joined, ...joined]);
  }

  /** The same value in its own file alone, whatever that stands on. */
  get own(): Origin {
    return new Origin(this.#layers.slice(0, 1), this.path);
  }

  /** The files that it is made of, its own first. */
  get files(): readonly string[] {
    const joined = this.#joined.flatMap(({ origin }) => origin.files);
    return [...new Set([...this.#layers.map((layer) => layer.file), ...joined])];
  }

  /** What one of its files writes here, whether or not a nearer layer has another value; undefined where it writes nothing. */
  writtenIn(file: string): { readonly position: SourcePosition; readonly value: unknown } | undefined {
    const layer = this.#layers.find((each) => each.file === file);
    const found = layer === undefined ? undefined : findNode(layer.document, this.path);
    const start = ((found?.key ?? found?.value) as Node | undefined)?.range?.[0];
    if (layer === undefined || start === undefined) return undefined;
    const value: unknown = isNode(found?.value) ? found.value.toJS(layer.document) : undefined;
    return { position: toPosition(layer, start), value };
  }

  /** How many lines one of its files has; undefined where it is none of them. */
  linesOf(file: string): number | undefined {
    const layer = this.#layers.find((each) => each.file === file);
    const end = layer?.document.range?.[2] ?? 0;
    return layer?.lines.lineStarts.filter((start) => start < end).length;
  }

  /** Where the value is written; where a default applies, the nearest thing around it that is. */
  get position(): SourcePosition {
    return this.#find('value');
  }

  /** Where the value's key is written. */
  get keyPosition(): SourcePosition {
    return this.#find('key');
  }

  /** Whether any layer writes this value, or a default applies. */
  get isWritten(): boolean {
    return this.depth < Number.POSITIVE_INFINITY;
  }

  /** How many layers lie over the one that writes the value: 0 where its own file does, infinite where none does. */
  get depth(): number {
    const layer = this.#layers.findIndex((each) => findOffset(each.document, this.path, 'value') !== undefined);
    return layer < 0 ? Number.POSITIVE_INFINITY : layer;
  }

  /** A problem at this value. */
  problem(
    code: string,
    message: string,
    fix: string,
    options: { key?: boolean; severity?: Problem['severity'] } = {},
  ): Problem {
    const position = options.key === true ? this.keyPosition : this.position;
    const severity = options.severity ?? 'error';
    return {
      code,
      severity,
      ...position,
      path: formatPath(this.path),
      message: printableLine(message),
      fix: printableLine(fix),
    };
  }

  /** The value as it stands in the file, e.g. `0123` where the value is 123; undefined for maps, lists and defaults. */
  get sourceText(): string | undefined {
    for (const layer of this.#layers) {
      const node = findNode(layer.document, this.path)?.value;
      if (isScalar(node)) return typeof node.source === 'string' ? node.source : undefined;
    }
    return undefined;
  }

  #find(which: 'key' | 'value'): SourcePosition {
    for (let length = this.path.length; length >= 0; length -= 1) {
      const path = this.path.slice(0, length);
      for (const layer of this.#layers) {
        const offset = findOffset(layer.document, path, length === this.path.length ? which : 'key');
        if (offset !== undefined) return toPosition(layer, offset);
      }
    }
    return { file: this.#layers[0]?.file ?? '', line: 1, column: 1 };
  }
}

/** `a.b[2].c`, as validation prints it. */
export function formatPath(path: ConfigPath): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

export function toPosition(layer: ParsedFile, offset: number): SourcePosition {
  const { line, col } = layer.lines.linePos(offset);
  return { file: layer.file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

function findOffset(document: Document, path: ConfigPath, which: 'key' | 'value'): number | undefined {
  const found = findNode(document, path);
  if (found === undefined) return undefined;
  const wanted = which === 'key' && found.key !== undefined ? found.key : (found.value ?? found.key);
  return (wanted as Node | undefined)?.range?.[0];
}

function findNode(document: Document, path: ConfigPath): { key: unknown; value: unknown } | undefined {
  let value: unknown = document.contents;
  let key: unknown;
  for (const part of path) {
    if (isMap(value)) {
      const pair = pairOf(value, String(part));
      if (pair === undefined) return undefined;
      key = pair.key;
      value = pair.value;
    } else if (isSeq(value) && typeof part === 'number') {
      if (part >= value.items.length) return undefined;
      key = undefined;
      value = value.items[part];
    } else {
      return undefined;
    }
  }
  return { key, value };
}

/** From this many keys on, an index pays for itself. */
const INDEXED_SIZE = 16;
const indexes = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  if (map.items.length < INDEXED_SIZE) return map.items.find((item) => keyOf(item) === key);
  let index = indexes.get(map);
  if (index === undefined) {
    index = new Map(map.items.map((item) => [keyOf(item) ?? '', item]));
    indexes.set(map, index);
  }
  return index.get(key);
}

function keyOf(pair: Pair): string | undefined {
  return isScalar(pair.key) ? String(pair.key.value) : undefined;
}
