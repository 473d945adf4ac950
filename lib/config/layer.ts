import { isRecord } from '../text/json.ts';
import type { Problem } from './diagnostic.ts';
import { Origin, type ParsedFile } from './origin.ts';
import { suggestion } from './suggest.ts';

/** A parsed file whose top level may say `extends: <name>`. */
export interface Layer extends ParsedFile {
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface Layered {
  readonly name: string;
  readonly file: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly origin: Origin;
  /** Whether another file extends it: such a file need not be complete. */
  readonly isBase: boolean;
  /** False where a base is missing or goes round in circles: what stands in the file can be checked, no more. */
  readonly isWhole: boolean;
}

/**
 * Merges each file over what it extends: maps merge key by key, arrays and everything else replace.
 * @param names - of all files, those included that could not be parsed
 */
export function applyLayers(
  layers: ReadonlyMap<string, Layer>,
  names: ReadonlySet<string>,
): { layered: Layered[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const layered: Layered[] = [];
  const bases = new Set([...layers.values()].map(baseOf).filter((base) => base !== undefined));
  for (const layer of layers.values()) {
    const { chain, isWhole, problem } = chainOf(layer, layers, names);
    if (problem !== undefined) problems.push(problem);
    const value = chain.reduceRight<Record<string, unknown>>((below, each) => merge(below, contentOf(each)), {});
    const { name, file } = layer;
    layered.push({ name, file, value, origin: new Origin(chain), isBase: bases.has(name), isWhole });
  }
  return { layered, problems };
}

interface Chain {
  readonly chain: Layer[];
  /** Whether it ends in a file that extends nothing. */
  readonly isWhole: boolean;
  readonly problem?: Problem;
}

/** From the file itself down to its last base. A problem is told once: by the file that has it, not by those above. */
function chainOf(start: Layer, layers: ReadonlyMap<string, Layer>, names: ReadonlySet<string>): Chain {
  const chain: Layer[] = [start];
  for (let current = start; ; ) {
    const written = current.value['extends'];
    if (written === undefined) return { chain, isWhole: true };
    const at = new Origin([current]).at('extends');
    const own = (problem: Problem): Chain =>
      current === start ? { chain, isWhole: false, problem } : { chain, isWhole: false };
    if (typeof written !== 'string') {
      return own(
        at.problem(
          'wrong-type',
          'got a value that is not a name; a file extends one other file',
          'write the name of one file, without .yaml',
        ),
      );
    }
    const next = layers.get(written);
    if (next === undefined) {
      // A file that is there and could not be parsed has told why already.
      if (names.has(written)) return { chain, isWhole: false };
      const others = [...names].filter((name) => name !== start.name);
      return own(
        at.problem('unknown-base', `got "${written}"; there is no such file to extend`, suggestion(written, others)),
      );
    }
    if (chain.includes(next)) {
      const cycle = chain.slice(chain.indexOf(next)).map((each) => each.name);
      // Each member of the cycle comes by here; the first by name tells.
      if (start.name !== [...cycle].sort()[0]) return { chain, isWhole: false };
      const message = `got a cycle: ${[...cycle, cycle[0]].join(' -> ')}`;
      return {
        chain,
        isWhole: false,
        problem: new Origin([start])
          .at('extends')
          .problem('extends-cycle', message, 'remove `extends` from one of them'),
      };
    }
    chain.push(next);
    current = next;
  }
}

function baseOf(layer: Layer): string | undefined {
  const base = layer.value['extends'];
  return typeof base === 'string' ? base : undefined;
}

function contentOf(layer: Layer): Record<string, unknown> {
  const { extends: _base, ...content } = layer.value;
  return content;
}

function merge(below: Record<string, unknown>, above: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const base = result[key];
    result[key] = isRecord(base) && isRecord(value) ? merge(base, value) : value;
  }
  return result;
}
