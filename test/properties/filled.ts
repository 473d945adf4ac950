import { stringify } from 'yaml';
import { loadAndCheck } from '../../lib/config/check.ts';
import { memoryFiles } from '../../lib/config/files.ts';
import type { Project } from '../../lib/config/project.ts';
import { textProblem } from '../../lib/config/scalar.ts';
import { secretIn } from '../../lib/config/secret-in-text.ts';
import { examples, KINDS } from './example.ts';
import { type StringField, stringFields, withText } from './schema-strings.ts';

/** Where the example's largest entry is not the one. */
const PLACES: Readonly<Record<string, readonly (string | number)[]>> = {
  'kolla.globals.*': ['kolla', 'globals', 'motd'],
  'kolla.globals.*.expression': ['kolla', 'globals', 'meant', 'expression'],
  'kolla.globals.*.*.*.*.*': ['kolla', 'globals', 'deep', 'in', 'in', 'in', 'text'],
  'kolla.inventory.groups.*.variables.*.expression': [
    ...'kolla inventory groups octavia-worker variables known expression'.split(' '),
  ],
  'kolla.inventory.hosts.*.*.expression': ['kolla', 'inventory', 'hosts', 'control01', 'known', 'expression'],
  'kolla.inventory.groups.*.variables.*': ['kolla', 'inventory', 'groups', 'octavia-worker', 'variables', 'level'],
  'kolla.inventory.hosts.*.*': ['kolla', 'inventory', 'hosts', 'control01', 'level'],
  'images.*.file': ['images', 'local', 'file'],
  // One text; the larger entry of the example is a list of them.
  'cluster.iam.statements.*.conditions.*.*': [
    ...['cluster', 'iam', 'statements', 0],
    ...['conditions', 'StringEquals', 's3:prefix'],
  ],
};

/**
 * A file that must be there: its content is `test/lib/config/user-data.test.ts`'s. And one of two of which an environment has either: the
 * command of the program stands for both.
 */
const ELSEWHERE = new Set(['tiers.*.userData', 'cluster.worker.command.*']);
/** Variables with structure: their text at the greatest depth stands for that above it, and one expression for all. */
const ABOVE =
  /^kolla\.(?:globals|inventory\.groups\.\*\.variables|inventory\.hosts\.\*)\.\*(?:\.\*)+(?:\.expression)?$/;
const DEEPEST = 'kolla.globals.*.*.*.*.*';

const TODAY = new Date('2026-11-28');
const files = examples();

/** Every string of every schema, with the file of the example in which it stands. */
export const FIELDS = KINDS.flatMap(({ file, schema }) =>
  stringFields(schema, files[file]).map((field) => ({ ...field, file, path: PLACES[field.name] ?? field.path })),
);

/** Whether a field takes a text, as far as the field alone can tell. */
export function takes({ schema }: StringField, text: string): boolean {
  return schema.safeParse(text).success && textProblem(text) === undefined && secretIn(text) === undefined;
}

/** The configuration with a text in every field that takes it. @throws Error where a rule refuses it */
export function filledWith(text: string): Project {
  const content = { ...files };
  for (const field of FIELDS) {
    const { file, path, name, isKey } = field;
    if (isKey || ELSEWHERE.has(name) || (ABOVE.test(name) && name !== DEEPEST) || !takes(field, text)) continue;
    content[file] = withText(content[file], path, text) as Record<string, unknown>;
  }
  const written = Object.fromEntries(Object.entries(content).map(([file, value]) => [file, stringify(value)]));
  const { project, problems } = loadAndCheck(memoryFiles(written), TODAY);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (project === undefined || errors.length > 0) throw new Error(JSON.stringify(errors, null, 2));
  return project;
}
