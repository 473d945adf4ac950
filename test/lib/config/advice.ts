import { isMap, isScalar, isSeq, parse, parseDocument } from 'yaml';
import type { Problem } from '../../../lib/config/diagnostic.ts';

type Path = readonly (string | number)[];
export type Files = Readonly<Record<string, string>>;

/** One way to do what a problem's fix says. */
interface Change {
  readonly path: Path;
  /** A value to write, another name for the key, or nothing of it any more. */
  readonly to: { readonly value: unknown } | { readonly key: string } | 'removed';
  readonly also?: Change;
}

export interface Way {
  /** The configuration once the fix is followed. */
  readonly files: Files;
  /** Whether the value only shows a form: what it names need not exist. */
  readonly isExample: boolean;
}

/**
 * What one gets by doing what a problem's fix says, in each way that it offers. Undefined where the fix is no value (`rename one of
 * the two files`): those are for people.
 */
export function follow(files: Files, problem: Problem): Way[] | undefined {
  const isExample = /^write (?:a network |one )?like /.test(problem.fix);
  return changesFor(files, problem)?.map((change) => ({ files: applied(files, problem.file, change), isExample }));
}

/** `write …` with one value, and what may follow it. */
const ONE_VALUE =
  /^write (?:(?:a later day|a type of \w+), such as |(?:a network |one )?like )?([^\s<>,]*[^\s<>,:]|"[^"]+")(?:,? without quotes|; the unit is not written|; a share is written in percent| or (?:more|less|earlier)\b.*|, (?:which is free|if the router has it)|,? or (?!\w+$).*|, lowercase .*)?$/;

function changesFor(files: Files, problem: Problem): Change[] | undefined {
  const { fix } = problem;
  const path = toPath(problem.path);
  if (path.length === 0) return undefined;
  const isKey = problem.code === 'unknown-key' || problem.code === 'bad-name' || isKeyOnly(files, problem, path);
  const to = (text: string): Change => ({ path, to: isKey ? { key: text } : { value: parse(text) as unknown } });
  const match = (pattern: RegExp): string[] | undefined => pattern.exec(fix)?.slice(1);
  if (/^remove it(?:$|[;,])/.test(fix)) return [{ path, to: 'removed' }];
  const lowered = match(/^(?:write (\d+) and )?lower ([\w.]+) to (\d+), or /);
  if (lowered !== undefined) {
    const [own, other = '', limit] = lowered;
    const change: Change = { path: toPath(other), to: { value: Number(limit) } };
    return [own === undefined ? change : { ...to(own), also: change }];
  }
  if (fix.startsWith('write protected: true')) return [{ path: ['protected'], to: { value: true } }];
  const added = match(/^add ([a-z0-9.-]+(?:, [a-z0-9.-]+)*)$/);
  if (added !== undefined) {
    const list = valueIn(files, problem.file, path) as string[];
    return [{ path, to: { value: [...list, ...(added[0] ?? '').split(', ')] } }];
  }
  const quoted = match(/^quote it: "(.*)"$/);
  if (quoted !== undefined) return [{ path, to: { value: quoted[0] } }];
  const several = match(/^write one of (.+?)(?:; nearest is \S+)?$/);
  if (several !== undefined) return /^the \d+/.test(several[0] ?? '') ? undefined : several[0]?.split(', ').map(to);
  const list = match(/^write a list: (\[.*\])$/);
  if (list !== undefined) return list.map(to);
  const either = match(/^write (\d+) or (\d+)$/);
  if (either !== undefined) return either.map(to);
  const more = match(/^write more than (\d+)$/);
  if (more !== undefined) return [to(String(Number(more[0]) + 1))];
  const [value = 'a'] = match(/^lower \w+, or write (\S+)$/) ?? match(ONE_VALUE) ?? [];
  return /^(?:a|an|it|one|text|them)$/.test(value) ? undefined : [to(value)];
}

/** A problem of a name that is a key: it stands where the key is, and a name is what would help. */
function isKeyOnly(files: Files, problem: Problem, path: Path): boolean {
  if (!/^unknown-(?:tier|volume-type|hardware)$/.test(problem.code)) return false;
  return typeof valueIn(files, problem.file, path) !== 'string';
}

function valueIn(files: Files, file: string, path: Path): unknown {
  const found: unknown = parseDocument(files[file] ?? '').getIn(path);
  return isMap(found) || isSeq(found) ? found.toJSON() : isScalar(found) ? found.value : found;
}

function applied(files: Files, file: string, { path, to, also }: Change): Files {
  const document = parseDocument(files[file] ?? '');
  if (to === 'removed') document.deleteIn(path);
  else if ('value' in to) document.setIn(path, document.createNode(to.value));
  else {
    const content: unknown = document.getIn(path, true);
    document.deleteIn(path);
    document.setIn([...path.slice(0, -1), to.key], content);
  }
  const result = { ...files, [file]: document.toString() };
  return also === undefined ? result : applied(result, file, also);
}

/** `a.b[2].c`, as problems print it. */
function toPath(text: string): Path {
  return [...text.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, key, index]) =>
    index === undefined ? (key ?? '') : Number(index),
  );
}
