import { z } from 'zod';
import {
  type ArgumentDescription,
  describeGlobalFlags,
  describeVerbs,
  type FlagDescription,
  type VerbDescription,
} from '../../lib/cli/describe-verbs.ts';

const INTRODUCTION = `# Commands

\`npx tandem VERB\`, or \`tandem VERB\` where it is on the path. Results go to stdout, progress and questions to stderr. The exit code is 0 on success and 1
on failure; what else a verb's exit code says stands with its flags. \`tandem VERB --help\` prints what this page says.

This page is generated from the verbs (\`npm run docs\`).

## Global flags

Accepted by every verb, before it or after it.
`;

/** `docs/commands.md`. */
export async function commandFiles(): Promise<ReadonlyMap<string, string>> {
  const verbs = await Promise.all(describeVerbs().map(sectionOf));
  const page = [INTRODUCTION.trim(), flagTable(describeGlobalFlags()), ...verbs].join('\n\n');
  return new Map([['docs/commands.md', `${page}\n`]]);
}

async function sectionOf(verb: VerbDescription): Promise<string> {
  const { path, brief, description, flags, arguments: positional, examples, json } = verb;
  const width = Math.max(...examples.map(({ command, does }) => (does === undefined ? 0 : command.length)));
  const lines = examples.map(({ command, does }) =>
    does === undefined ? command : `${command.padEnd(width)}  # ${does}`,
  );
  const parts = [
    `## ${path.join(' ')}`,
    `${brief}.`,
    description,
    `    ${synopsisOf(verb)}`,
    positional.length === 0 ? '' : argumentTable(positional),
    flags.length === 0 ? '' : flagTable(flags),
    examples.length === 0 ? '' : `\`\`\`sh\n${lines.join('\n')}\n\`\`\``,
    `\`--json\` prints the format \`${json.format}\`${await fieldsOf(json.schema)}${json.events === undefined ? '' : ', after one line for each event'}.`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function synopsisOf({ path, flags, arguments: positional }: VerbDescription): string {
  const words = flags.map((flag) => optional(`${withValue(flag)}${flag.isRepeatable ? '...' : ''}`, flag.isRequired));
  const names = positional.map(({ name, isRepeatable, isRequired }) =>
    optional(`${name.toUpperCase()}${isRepeatable ? '...' : ''}`, isRequired),
  );
  return ['tandem', ...path, ...words, ...names].join(' ');
}

const optional = (text: string, isRequired: boolean): string => (isRequired ? text : `[${text}]`);

const withValue = ({ name, placeholder }: FlagDescription): string =>
  placeholder === undefined ? name : `${name} ${placeholder}`;

function flagTable(flags: readonly FlagDescription[]): string {
  return table(
    'flag',
    flags.map((flag) => [withValue(flag), flag.brief]),
  );
}

function argumentTable(positional: readonly ArgumentDescription[]): string {
  return table(
    'argument',
    positional.map(({ name, brief }) => [name.toUpperCase(), brief]),
  );
}

function table(what: string, rows: readonly (readonly [string, string])[]): string {
  const escaped = rows.map(([name, text]) => `| \`${name.replaceAll('|', '\\|')}\` | ${text.replaceAll('|', '\\|')} |`);
  return [`| ${what} | meaning |`, '|---|---|', ...escaped].join('\n');
}

/** The names of a document's fields, as its schema has them. */
async function fieldsOf(schema: () => Promise<z.ZodType>): Promise<string> {
  const { properties } = z.toJSONSchema(await schema(), { unrepresentable: 'any' });
  const names = Object.keys(properties ?? {}).filter((name) => name !== 'format');
  return names.length === 0 ? '' : ` with ${names.map((name) => `\`${name}\``).join(', ')}`;
}
