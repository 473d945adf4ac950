import { leavesProject, readBootText } from './boot-text.ts';
import { type Problem, splitBecause, wholeFileProblem } from './diagnostic.ts';
import { ConfigFileError, type ConfigFiles } from './files.ts';
import type { Layer } from './layer.ts';
import type { Origin } from './origin.ts';
import { parseFile } from './parse.ts';
import { name as nameSchema } from './schema/common.ts';

/** Folder of a project's own components, one folder each. */
const COMPONENTS_FOLDER = 'components/custom';
const FILE = 'component.yaml';
/** All of a tier must fit into its user data. */
const LIMITS = { maximumBytes: 32 * 1024, most: '; at most 32 KiB fit into user data' };

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
  const root = `${COMPONENTS_FOLDER}/${component}/`;
  const texts: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [index, { from }] of asked.entries()) {
    const read = leavesProject(from)
      ? { message: 'the file is inside the folder of the component', fix: 'write a path relative to it' }
      : readBootText(files, `${root}${from}`, { ...LIMITS, root });
    if (typeof read === 'string') texts[from] = read;
    else
      problems.push(
        origin.at('files', index, 'from').problem('unreadable-file', `got "${from}"; ${read.message}`, read.fix),
      );
  }
  return { texts, problems };
}

function listed(files: ConfigFiles, folder: string): readonly string[] {
  try {
    return files.list(folder);
  } catch (error) {
    if (error instanceof ConfigFileError) return [];
    throw error;
  }
}
