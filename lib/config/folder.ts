import { meantBy, nearestOf } from '../text/nearest.ts';
import { type Problem, splitBecause, wholeFileProblem } from './diagnostic.ts';
import { ConfigFileError, type ConfigFiles } from './files.ts';
import type { Layer } from './layer.ts';
import { parseFile } from './parse.ts';
import type { EntityKind } from './project.ts';
import { name, plainName } from './schema/common.ts';

/** Where each kind of file is; `config/tandem.yaml` is a kind of its own. */
export const FOLDERS = {
  cloud: 'config/clouds',
  environment: 'config/environments',
  blueprint: 'config/blueprints',
  lease: 'config/dev',
  link: 'config/links',
  prices: 'config/prices',
} as const satisfies Partial<Record<EntityKind, string>>;

/** Files directly in `config/`. */
export const TOP_FILES: readonly string[] = ['tandem.yaml', 'approvers.yaml'];

const ORGANISATION_FILE = 'config/tandem.yaml';
const APPROVERS_FILE = 'config/approvers.yaml';

/** A file's name is part of stack ids, resource names and DNS names. */
const NAMES = { cloud: plainName(), environment: plainName(), blueprint: name(), lease: name(), link: plainName() };

export interface Folder {
  readonly layers: ReadonlyMap<string, Layer>;
  /** Of all its files, those included that cannot be read or parsed. */
  readonly names: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/** Reads and parses every file of a kind. */
export function readFolder(files: ConfigFiles, kind: keyof typeof FOLDERS): Folder {
  const folder = FOLDERS[kind];
  const problems: Problem[] = [];
  const layers = new Map<string, Layer>();
  const names = new Set<string>();
  for (const entry of listFolder(files, folder, problems)) {
    const file = `${folder}/${entry}`;
    // Editors keep swap files, locks and backups under such names.
    if (entry.startsWith('.')) continue;
    if (/\.(?:ya?ml)$/i.test(entry) && !entry.endsWith('.yaml')) {
      problems.push(
        wholeFileProblem(
          'wrong-extension',
          file,
          'only files that end in .yaml are read',
          `rename it to ${entry.replace(/\.\w+$/, '.yaml')}`,
        ),
      );
    }
    if (!entry.endsWith('.yaml')) continue;
    const own = entry.slice(0, -'.yaml'.length);
    names.add(own);
    problems.push(...nameProblems(kind, own, file));
    const { parsed, problems: found } = parseFile(files, file);
    problems.push(...found);
    if (parsed !== undefined) layers.set(own, { ...parsed, name: own });
  }
  return { layers, names, problems };
}

/** `config/tandem.yaml`, and whatever stands beside it that looks like a slip. */
export function readTop(files: ConfigFiles): { layer?: Layer; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const entries = listFolder(files, 'config', problems);
  const folders = Object.values(FOLDERS).map((folder) => folder.slice('config/'.length));
  const known = [...TOP_FILES, ...folders];
  // Where the file itself is missing, a name that is not so near may be meant to be it.
  const meant = entries.includes('tandem.yaml') ? meantBy : nearestOf;
  for (const entry of entries) {
    if (known.includes(entry) || entry.startsWith('.')) continue;
    const sameLetters = known.find((each) => each === entry.toLowerCase());
    const nearest = sameLetters ?? meant(entry, known);
    if (nearest === undefined && !/\.ya?ml$/i.test(entry)) continue;
    const stem = entry.replace(/\.ya?ml$/i, '').toLowerCase();
    const home = folders.find((folder) => folder === stem || folder === `${stem}s`);
    const fix =
      nearest === undefined
        ? `move it into ${home === undefined ? `one of ${folders.join(', ')}` : `config/${home}/`}`
        : entries.includes(nearest)
          ? `move what it holds into ${nearest}, and remove it`
          : `rename it to ${nearest}`;
    problems.push(wholeFileProblem('misplaced-file', `config/${entry}`, 'Tandem reads no file of this name', fix));
  }
  if (!entries.includes('tandem.yaml')) {
    if (problems.length === 0)
      problems.push(
        wholeFileProblem(
          'no-configuration',
          ORGANISATION_FILE,
          'there is no such file',
          'run in the root of a Tandem project, or create one with `tandem init`',
        ),
      );
    return { problems };
  }
  const { parsed, problems: found } = parseFile(files, ORGANISATION_FILE);
  problems.push(...found);
  return parsed === undefined ? { problems } : { layer: { ...parsed, name: 'tandem' }, problems };
}

/** `config/approvers.yaml`, where there is one. */
export function readApprovers(files: ConfigFiles): { layer?: Layer; problems: readonly Problem[] } {
  if (!listFolder(files, 'config', []).includes('approvers.yaml')) return { problems: [] };
  const { parsed, problems } = parseFile(files, APPROVERS_FILE);
  return parsed === undefined ? { problems } : { layer: { ...parsed, name: 'approvers' }, problems };
}

function nameProblems(kind: keyof typeof FOLDERS, own: string, file: string): Problem[] {
  // A price list has the name of its cloud; a rule checks that.
  if (kind === 'prices') return [];
  const checked = NAMES[kind].safeParse(own);
  const issue = checked.error?.issues[0];
  if (issue === undefined) return [];
  const { why, fix } = splitBecause(issue.message);
  return [
    wholeFileProblem(
      'bad-file-name',
      file,
      `got the file name "${own}"; ${why}`,
      (fix ?? 'choose another name').replace(/^write one like (.+)$/, 'rename the file to one like $1.yaml'),
    ),
  ];
}

function listFolder(files: ConfigFiles, folder: string, problems: Problem[]): readonly string[] {
  try {
    return files.list(folder);
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error;
    problems.push(
      wholeFileProblem(
        'unreadable-folder',
        folder,
        `it cannot be listed: ${error.message}`,
        'make it a readable folder',
      ),
    );
    return [];
  }
}
