import { SECRET_FIX, secretFound } from './clear-secrets.ts';
import { type Problem, splitBecause, wholeFileProblem } from './diagnostic.ts';
import { ConfigFileError, type ConfigFiles } from './files.ts';
import type { Layer } from './layer.ts';
import type { Origin } from './origin.ts';
import { parseFile } from './parse.ts';
import { engineProblem } from './scalar.ts';
import { name as nameSchema } from './schema/common.ts';
import { secretIn } from './secret-in-text.ts';
import { leavesProject } from './user-data.ts';

/** Folder of a project's own components, one folder each. */
const COMPONENTS_FOLDER = 'components/custom';
const FILE = 'component.yaml';
/** All of a tier must fit into its user data. */
const MAXIMUM_BYTES = 32 * 1024;

/** The files of `components/custom/<name>/component.yaml`, by name. */
export function readComponents(files: ConfigFiles): {
  readonly layers: ReadonlyMap<string, Layer>;
  readonly problems: readonly Problem[];
} {
  const layers = new Map<string, Layer>();
  const problems: Problem[] = [];
  for (const entry of listed(files, COMPONENTS_FOLDER)) {
    if (entry.startsWith('.') || !listed(files, `${COMPONENTS_FOLDER}/${entry}`).includes(FILE)) continue;
    const file = `${COMPONENTS_FOLDER}/${entry}/${FILE}`;
    const issue = nameSchema().safeParse(entry).error?.issues[0];
    if (issue !== undefined) {
      const { why } = splitBecause(issue.message);
      problems.push(wholeFileProblem('bad-file-name', file, `got the folder name "${entry}"; ${why}`, 'rename it'));
    }
    const { parsed, problems: found } = parseFile(files, file);
    problems.push(...found);
    if (parsed !== undefined) layers.set(entry, { ...parsed, name: entry });
  }
  return { layers, problems };
}

/** The texts of a component's files, and a problem for each that cannot be had or has no place in user data. */
export function readTexts(
  files: ConfigFiles,
  component: string,
  asked: readonly { readonly from: string }[],
  origin: Origin,
): { readonly texts: Readonly<Record<string, string>>; readonly problems: readonly Problem[] } {
  const texts: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [index, { from }] of asked.entries()) {
    const read = leavesProject(from)
      ? { message: 'the file is inside the folder of the component', fix: 'write a path relative to it' }
      : readOne(files, `${COMPONENTS_FOLDER}/${component}/${from}`);
    if (typeof read === 'string') texts[from] = read;
    else
      problems.push(
        origin.at('files', index, 'from').problem('unreadable-file', `got "${from}"; ${read.message}`, read.fix),
      );
  }
  return { texts, problems };
}

function readOne(files: ConfigFiles, file: string): string | Pick<Problem, 'message' | 'fix'> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(files.read(file, MAXIMUM_BYTES));
    const secret = secretIn(text);
    if (secret !== undefined) return { message: `it has ${secretFound(secret)}`, fix: SECRET_FIX };
    return engineProblem(text) ?? text;
  } catch (error) {
    if (error instanceof TypeError) return { message: 'it is not UTF-8 text', fix: 'save it as UTF-8' };
    if (!(error instanceof ConfigFileError)) throw error;
    if (error.code === 'EFBIG')
      return {
        message: `it has ${error.message}; at most 32 KiB fit into user data`,
        fix: 'fetch at boot what is large',
      };
    return {
      message: error.message,
      fix: `write the file, or correct the path; it is relative to ${COMPONENTS_FOLDER}/`,
    };
  }
}

function listed(files: ConfigFiles, folder: string): readonly string[] {
  try {
    return files.list(folder);
  } catch (error) {
    if (error instanceof ConfigFileError) return [];
    throw error;
  }
}
