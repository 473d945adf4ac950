import { firstHidden } from '../text/printable.ts';
import { secretFound } from './clear-secrets.ts';
import { type Problem, wholeFileProblem } from './diagnostic.ts';
import { ConfigFileError, type ConfigFiles } from './files.ts';
import type { Entity } from './project.ts';
import type { Cloud } from './schema/cloud.ts';
import { secretIn } from './secret-in-text.ts';
import { suggestion } from './suggest.ts';

/** Folder of a cloud's own files for Kolla-Ansible, beside the cloud's file. */
const FOLDER = /^([^.].*)\.kolla$/;
const CLOUDS = 'config/clouds';
/** Whole trees of operators have less than a tenth of it. */
export const MAXIMUM_KOLLA_BYTES = 256 * 1024;
const MAXIMUM_FILES = 500;
const MAXIMUM_DEPTH = 8;

/** What editors and people leave beside files. */
const PASSED_BY = /^\.|~$|^#.*#$|\.(?:md|rst|bak|orig|swp)$/i;
/** What holds a secret by its name: keys, keyrings, passwords. */
const SECRET_FILE = /\.(?:keyring|key|pem|p12|pfx|jks)$|(?:^|\/)(?:passwords\.ya?ml|authkey|id_(?:rsa|ed25519|ecdsa))$/;

/** Whether something directly in `config/clouds` is a folder of files for Kolla-Ansible, by its name. */
export function isKollaFolder(path: string): boolean {
  const [first, second, entry, ...rest] = path.split('/');
  return `${first}/${second}` === CLOUDS && FOLDER.test(entry ?? '') && rest.length === 0;
}

/**
 * The files of `config/clouds/<name>.kolla/`, by cloud, and a problem for each that cannot be had, holds a secret, or belongs to no cloud
 * that Kolla-Ansible deploys. Which of them a role reads is told by the rules of `lib/private-cloud`.
 * @param names all clouds that have a file @param clouds those that loaded
 */
export function readKollaFiles(
  files: ConfigFiles,
  names: ReadonlySet<string>,
  clouds: ReadonlyMap<string, Entity<Cloud>>,
): { readonly byCloud: ReadonlyMap<string, Readonly<Record<string, string>>>; readonly problems: readonly Problem[] } {
  const byCloud = new Map<string, Readonly<Record<string, string>>>();
  const problems: Problem[] = [];
  for (const entry of listed(files, CLOUDS) ?? []) {
    const cloud = FOLDER.exec(entry)?.[1];
    const folder = `${CLOUDS}/${entry}`;
    if (cloud === undefined || listed(files, folder) === undefined) continue;
    if (!names.has(cloud)) {
      const known = [...names].map((name) => `${name}.kolla`);
      const message = `it is the folder of files for Kolla-Ansible of a cloud "${cloud}", and there is no ${cloud}.yaml`;
      const fix = known.length === 0 ? 'remove it' : suggestion(entry, known).replace(/^write/, 'rename it to');
      problems.push(wholeFileProblem('misplaced-file', folder, message, fix));
      continue;
    }
    const own = clouds.get(cloud);
    if (own !== undefined && own.value.kolla === undefined) {
      const message = `Kolla-Ansible does not deploy cloud ${cloud}: ${own.file} has no \`kolla\``;
      problems.push(
        wholeFileProblem('misplaced-file', folder, message, `add the section \`kolla\`, or remove the folder`),
      );
      continue;
    }
    const contents: Record<string, string> = {};
    for (const path of pathsBelow(files, folder, problems)) {
      const read = readOne(files, path);
      if (typeof read === 'string') contents[path.slice(folder.length + 1)] = read;
      else problems.push({ ...wholeFileProblem(read.code, path, read.message, read.fix), line: read.line ?? 1 });
    }
    byCloud.set(cloud, contents);
  }
  return { byCloud, problems };
}

/** Undefined where it is no folder that can be listed: told of where `config/clouds` is read, or no folder at all. */
function listed(files: ConfigFiles, folder: string): readonly string[] | undefined {
  try {
    return files.list(folder);
  } catch (error) {
    if (error instanceof ConfigFileError) return undefined;
    throw error;
  }
}

function pathsBelow(files: ConfigFiles, root: string, problems: Problem[]): string[] {
  const found: string[] = [];
  const walk = (folder: string, depth: number): void => {
    for (const entry of listed(files, folder) ?? []) {
      const path = `${folder}/${entry}`;
      if (PASSED_BY.test(entry)) continue;
      if (listed(files, path) === undefined) found.push(path);
      else if (depth < MAXIMUM_DEPTH) walk(path, depth + 1);
      else
        problems.push(wholeFileProblem('misplaced-file', path, `Kolla-Ansible reads nothing this deep`, 'remove it'));
    }
  };
  walk(root, 1);
  if (found.length <= MAXIMUM_FILES) return found;
  const message = `it has ${found.length} files; Tandem reads ${MAXIMUM_FILES}`;
  problems.push(
    wholeFileProblem(
      'misplaced-file',
      root,
      message,
      'lay what is no configuration into `config/` of the folder kolla.secrets',
    ),
  );
  return [];
}

type Refusal = Pick<Problem, 'code' | 'message' | 'fix'> & { readonly line?: number };

const ELSEWHERE = 'lay it into `config/` of the folder kolla.secrets on the deployment host, under the same path';

/** A file's text, or why it has no place in a tree that is shown in plans and recorded. */
export function kollaFileRefusal(path: string, bytes: Uint8Array): string | Refusal {
  if (SECRET_FILE.test(path))
    return { code: 'secret-in-clear', message: 'its name is that of a file with a secret', fix: ELSEWHERE };
  if (bytes.length > MAXIMUM_KOLLA_BYTES)
    return { code: 'unreadable-file', message: 'it has more than 256 KiB', fix: ELSEWHERE };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { code: 'not-utf-8', message: 'it is not UTF-8 text', fix: ELSEWHERE };
  }
  const lines = text.split('\n');
  const secret = lines.findIndex((line) => secretIn(line) !== undefined);
  const what = secretIn(secret < 0 ? text : (lines[secret] ?? ''));
  if (what !== undefined)
    return {
      code: 'secret-in-clear',
      message: `it has ${secretFound(what)}`,
      fix: KOLLA_SECRET_FIX,
      line: Math.max(secret, 0) + 1,
    };
  const hidden = lines.findIndex((line) => firstHidden(line.replaceAll('\t', ' ').replace(/\r$/, '')) !== undefined);
  if (hidden < 0) return text;
  return {
    code: 'control-character',
    message: 'it has an invisible character, which tools interpret differently',
    fix: 'remove it',
    line: hidden + 1,
  };
}

const KOLLA_SECRET_FIX =
  'write the variable that holds it in its place, such as {{ my_password }}, and its value into passwords.yml of the folder kolla.secrets';

function readOne(files: ConfigFiles, path: string): string | Refusal {
  try {
    return kollaFileRefusal(path, files.read(path, MAXIMUM_KOLLA_BYTES));
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error;
    if (error.code === 'EFBIG') return kollaFileRefusal(path, new Uint8Array(MAXIMUM_KOLLA_BYTES + 1));
    return { code: 'unreadable-file', message: error.message, fix: 'make it a readable file, or remove it' };
  }
}
