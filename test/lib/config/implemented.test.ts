import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../../lib/config/json-schema.ts';
import { fileKinds } from '../../../lib/config/reference.ts';

/** Code that does something with the configuration: schemas and rules only say what it may be. */
const CODE = globSync(['lib/**/*.ts', 'stacks/**/*.ts', 'packages/worker-agent/src/*.ts'], {
  exclude: ['lib/config/schema/**', 'lib/config/rules/**', 'stacks/custom/**'],
});

const COMMENT_OR_TEXT = /\/\*[^]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;

/** The names in each file of code; a text counts where it is a name as a whole. */
const NAMES = new Map(
  CODE.map((file) => {
    const code = readFileSync(file, 'utf8').replace(COMMENT_OR_TEXT, (found) =>
      found.startsWith('`') ? found : (/^'(\w+)'$/.exec(found)?.[1] ?? ' '),
    );
    return [file, new Set(code.match(/[A-Za-z_]\w*/g))];
  }),
);

/** Sections that are handed on as a whole, and the folder whose code reads what is in them. */
const HANDED_ON: Readonly<Record<string, string>> = {
  requirements: 'lib/aws/',
  health: 'lib/aws/',
  alarms: 'lib/aws/',
  breaker: 'packages/worker-agent/',
  autostop: 'lib/dev/',
  policies: 'lib/review/',
  s3: 'lib/state/',
  timers: 'lib/private-cloud/',
  hosts: 'lib/private-cloud/',
};

/** Fields that are about the configuration alone. */
const OF_RULES = new Set(['sharedPlanes']);

/** Whether some code reads a field, and knows the section that it is in. The innermost name comes first. */
function isRead([name = '', section]: readonly string[]): boolean {
  const folder = HANDED_ON[section ?? ''];
  return [...NAMES].some(
    ([file, names]) =>
      names.has(name) &&
      (section === undefined || names.has(section) || (folder !== undefined && file.startsWith(folder))),
  );
}

/** The path of every field of a kind of file, the innermost name first; names of users' own are left out. */
function fieldsOf(schema: JsonSchema, at: readonly string[] = []): readonly string[][] {
  const { properties = {}, items, additionalProperties, anyOf = [] } = schema;
  const inside = [items, additionalProperties, ...anyOf].filter((each) => typeof each === 'object');
  const own = Object.entries(properties).flatMap(([name, field]) => [[name, ...at], ...fieldsOf(field, [name, ...at])]);
  return [...own, ...inside.flatMap((each) => fieldsOf(each, at))];
}

describe('every field of the configuration is read by code that does something with it', () => {
  it.each(fileKinds())('$files', ({ listed }) => {
    const unread = fieldsOf(listed).filter((path) => !isRead(path) && !OF_RULES.has(path[0] ?? ''));
    expect([...new Set(unread.map((path) => path.toReversed().join('.')))]).toEqual([]);
  });

  it('fails a field that no code reads', () => {
    expect(isRead(['surely' + 'Unread'])).toBe(false);
    expect(isRead(['monthlyUsd', 'autostop'])).toBe(false);
  });
});
