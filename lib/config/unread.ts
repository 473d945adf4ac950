import { type Problem, wholeFileProblem } from './diagnostic.ts';
import { ConfigFileError, type ConfigFiles } from './files.ts';
import { FOLDERS } from './folder.ts';

/** Deeper, or more of them, is somebody's data. */
const MAXIMUM_DEPTH = 6;
const MAXIMUM_TOLD = 50;

const FOLDERS_READ: readonly string[] = Object.values(FOLDERS);

/**
 * Files below `config/` that look like configuration, and that nothing reads: in a folder inside one that is read, or in one that is
 * not, or with another ending.
 * @param values all that was read: a file that is named anywhere in it is somebody's
 */
export function unreadFiles(files: ConfigFiles, values: Iterable<unknown>): Problem[] {
  const named = new Set<string>();
  for (const value of values) collect(value, named);
  const problems: Problem[] = [];
  for (const entry of entriesOf(files, 'config') ?? []) {
    const folder = `config/${entry}`;
    if (entry.startsWith('.') || entry.endsWith('.yaml')) continue;
    const isRead = FOLDERS_READ.includes(folder);
    for (const file of filesIn(files, folder)) {
      if (problems.length === MAXIMUM_TOLD) return problems;
      if (named.has(file) || (isRead && isReadThere(folder, file))) continue;
      if (isRead ? /\.(?:ya?ml|json|toml)$/i.test(file) : /\.ya?ml$/i.test(file))
        problems.push(problemOf(folder, file));
    }
  }
  return problems;
}

/** Files directly in a folder of ours are read, or told of, where it is read. */
function isReadThere(folder: string, file: string): boolean {
  return !file.slice(folder.length + 1).includes('/') && /\.ya?ml$/i.test(file);
}

function problemOf(folder: string, file: string): Problem {
  const name = (file.split('/').at(-1) ?? '').replace(/\.\w+$/, '.yaml');
  const fix = FOLDERS_READ.includes(folder)
    ? `move it to ${folder}/${name}, or out of config/`
    : `move it into one of ${FOLDERS_READ.join(', ')}, or out of config/`;
  return wholeFileProblem('misplaced-file', file, 'Tandem reads no file here', fix);
}

/** Paths of the files below a folder; none where it is a file. */
function filesIn(files: ConfigFiles, folder: string, depth = 1): string[] {
  if (depth > MAXIMUM_DEPTH) return [];
  return (entriesOf(files, folder) ?? []).flatMap((entry) => {
    if (entry.startsWith('.')) return [];
    const path = `${folder}/${entry}`;
    return /\.\w+$/.test(entry) && entriesOf(files, path) === undefined ? [path] : filesIn(files, path, depth + 1);
  });
}

/** What is in a folder; undefined where there is no folder that can be listed. */
function entriesOf(files: ConfigFiles, folder: string): readonly string[] | undefined {
  try {
    return files.list(folder);
  } catch (error) {
    if (error instanceof ConfigFileError) return undefined;
    throw error;
  }
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') into.add(value.replace(/^\.\//, ''));
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) collect(inner, into);
}
