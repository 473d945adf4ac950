import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem } from '../../../lib/config/diagnostic.ts';
import { memoryFiles } from '../../../lib/config/files.ts';
import { loadChecked } from '../../../lib/private-cloud/checks/load-checked.ts';
import { minimal, TODAY } from '../config/minimal.ts';

const example = join(import.meta.dirname, '../../../docs/examples/components');

/** The example component, as a project has it. */
export const GEARMAN = Object.fromEntries(
  ['component.yaml', ...readdirSync(join(example, 'gearman/files')).map((file) => `files/${file}`)].map((file) => [
    `components/custom/gearman/${file}`,
    readFileSync(join(example, 'gearman', file), 'utf8'),
  ]),
);

/** Warnings about the minimal cloud. */
const BEFORE = new Set(loadChecked(memoryFiles(minimal()), TODAY).problems.map(formatProblem));

/** What is said of the minimal project with more files, by every rule. */
export function checked(files: Readonly<Record<string, string>>) {
  const { project, problems } = loadChecked(memoryFiles({ ...minimal(), ...files }), TODAY);
  return { project, problems: problems.map(formatProblem).filter((each) => !BEFORE.has(each)) };
}

/** A blueprint of one tier, `node`, on flavor `small`. */
export function blueprint(tier: string, { flavor = 'small', count = 3 } = {}): Readonly<Record<string, string>> {
  return {
    'config/blueprints/trial.yaml': `description: Trial\ntiers:\n  node:\n    image: debian\n    flavor: ${flavor}\n    count: ${count}\n${tier.replace(/^/gm, '    ')}\n`,
  };
}
