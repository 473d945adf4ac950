import { type Problem, wholeFileProblem } from './diagnostic.ts';
import { ConfigFileError, type ConfigFiles } from './files.ts';
import { FOLDERS, TOP_FILES } from './folder.ts';
import { isKollaFolder } from './kolla-files.ts';

/** Deeper, or more of them, is somebody's data. */
const MAXIMUM_DEPTH = 7;
const MAXIMUM_TOLD = 50;

const FOLDERS_READ: readonly string[] = Object.values(FOLDERS);

/** What stands beside files everywhere: for people, of tools and editors. */
const HARMLESS = [
  /^(?:readme|licen[cs]e|notice|codeowners|owners|changelog|contributing)(?:\.\w+)?$/i,
  /\.(?:md|markdown|rst|adoc)$/i,
  /^\.(?:git\w*|editorconfig|yamllint|pre-commit|prettier|markdownlint|DS_Store)/,
  /~$|^#.*#$|^\.#|\.sw[a-z]$/,
];
/** Data as people write configuration, the slips of the ending included. */
const DATA = /\.(?:ya?ml|json[c5l]?|toml|yam|yma?l|ymla|yalm|yamml|yaaml)\s*$/i;
/** A configuration that was put aside, or came from a template. */
const PUT_ASIDE = /\.ya?ml\.[\w-]+$/i;
/** A key that every file of a kind has at its top. */
const OURS =
  /(?:^|[{,\s])["']?(?:blueprint|owner|until|tiers|endpoint|authUrl|racks|aws|cluster|extends|organisation|defaultCloud|volumeGiB|people)["']?\s*[:=]/m;

interface Search {
  readonly files: ConfigFiles;
  readonly isNamed: (path: string) => boolean;
  readonly problems: Problem[];
}

/**
 * What is below `config/`, looks like configuration, and is read by nothing: in a folder inside one that is read, or in one that is not, with
 * another ending, without one, hidden, or behind a link that leads nowhere or out of the project.
 * @param values all that was read: a file that is named anywhere in it is somebody's
 */
export function unreadFiles(files: ConfigFiles, values: Iterable<unknown>): Problem[] {
  const named = new Set<string>();
  for (const value of values) collect(value, named);
  const isNamed = (path: string) => ancestorsOf(path).some((each) => named.has(each));
  const search: Search = { files, isNamed, problems: [] };
  const top = entriesOf(files, 'config');
  if (!Array.isArray(top)) return [];
  for (const entry of top as readonly string[]) {
    const path = `config/${entry}`;
    if (TOP_FILES.includes(entry)) continue;
    const home = FOLDERS_READ.includes(path) ? path : undefined;
    // A folder of ours that cannot be listed was told of where it was read.
    if (home !== undefined && entriesOf(files, path) instanceof ConfigFileError) continue;
    visit(search, path, home, [JSON.stringify(top)]);
  }
  return search.problems.slice(0, MAXIMUM_TOLD);
}

/**
 * @param home the folder of ours that it is in; undefined outside of all
 * @param above what the folders around it hold, to recognise one that is inside itself
 */
function visit(search: Search, path: string, home: string | undefined, above: readonly string[]): void {
  const { files, problems, isNamed } = search;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (problems.length >= MAXIMUM_TOLD || isNamed(path) || (HARMLESS.some((each) => each.test(name)) && path !== home))
    return;
  const entries = entriesOf(files, path);
  // What is in it is read, or told of, with the clouds.
  if (isKollaFolder(path) && !(entries instanceof ConfigFileError)) return;
  if (entries instanceof ConfigFileError) {
    if (entries.code === 'ENOTDIR') visitFile(search, path, name, home);
    else if (!isReadThere(home, path)) {
      const message = `nothing reads it, and it cannot be looked at: ${entries.message}`;
      problems.push(
        wholeFileProblem('unreadable-file', path, message, 'remove it, or copy what it leads to into the project'),
      );
    }
    return;
  }
  const own = JSON.stringify(entries);
  if (entries.length > 0 && above.includes(own)) {
    problems.push(wholeFileProblem('misplaced-file', path, 'it is a folder inside itself', 'remove the link'));
  } else if (above.length >= MAXIMUM_DEPTH) {
    if (home !== undefined)
      problems.push(
        wholeFileProblem(
          'misplaced-file',
          path,
          'Tandem reads no folder here',
          `move what is in it to ${home}, or out of config/`,
        ),
      );
  } else for (const entry of entries) visit(search, `${path}/${entry}`, home, [...above, own]);
}

function visitFile({ files, problems }: Search, path: string, name: string, home: string | undefined): void {
  if (isReadThere(home, path)) return;
  const hasNoEnding = !name.includes('.');
  const isData = DATA.test(name) || (hasNoEnding && home !== undefined);
  if (home === undefined && (!isYaml(name) || name.startsWith('.'))) {
    // At the top, or in a folder of no kind: scripts and templates are there for others.
    if (!(isData || hasNoEnding || PUT_ASIDE.test(name)) || !holdsOurs(files, path)) return;
  } else if (!isData) {
    if (home === undefined) return;
    const fix = PUT_ASIDE.test(name)
      ? `rename it to ${renamed(name)} where it is meant, or move it out of config/`
      : 'move it out of config/';
    problems.push({
      ...wholeFileProblem('misplaced-file', path, 'Tandem reads no file of this name', fix),
      severity: 'warning',
    });
    return;
  }
  // Told where the top of config/ was read.
  if (home === undefined && isYaml(name) && path.split('/').length === 2 && !name.startsWith('.')) return;
  const fix =
    home === undefined
      ? `move it into one of ${FOLDERS_READ.join(', ')}, or out of config/`
      : `move it to ${home}/${renamed(name)}, or out of config/`;
  problems.push(wholeFileProblem('misplaced-file', path, 'Tandem reads no file here', fix));
}

/** Files directly in a folder of ours are read, or told of, where it is read. */
function isReadThere(home: string | undefined, path: string): boolean {
  if (home === undefined) return false;
  const inside = path.slice(home.length + 1);
  return !inside.includes('/') && isYaml(inside) && !inside.startsWith('.');
}

function isYaml(name: string): boolean {
  return /\.ya?ml$/i.test(name);
}

/** `x.yaml` for `.x.json`, `x`, `x.yaml.bak` and `x.yaml `. */
function renamed(name: string): string {
  const stem = name.trim().replace(/^\.+/, '').split('.')[0] ?? '';
  return `${stem === '' ? 'name' : stem}.yaml`;
}

function holdsOurs(files: ConfigFiles, path: string): boolean {
  try {
    return OURS.test(new TextDecoder().decode(files.read(path, 64 * 1024)));
  } catch (error) {
    if (error instanceof ConfigFileError) return false;
    throw error;
  }
}

/** What is in a folder; an error of code ENOTDIR where it is a file. */
function entriesOf(files: ConfigFiles, folder: string): readonly string[] | ConfigFileError {
  try {
    return files.list(folder);
  } catch (error) {
    if (error instanceof ConfigFileError) return error;
    throw error;
  }
}

/** The path itself, and the folders that it is in below `config/`. */
function ancestorsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 2).join('/'));
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') into.add(value.replace(/^\.\//, '').replace(/\/+$/, ''));
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) collect(inner, into);
}
