/** Hostile text in every string of every schema: it is refused at its line, or text in every artefact. */
import { describe, expect, it } from 'vitest';
import { stacksOf } from '../../lib/synthesis/catalogue.ts';
import { synthesizeInProcess } from '../../lib/synthesis/in-process.ts';
import { FIELDS, filledWith, takes } from './filled.ts';
import { HOSTILE_TEXTS, PAYLOADS } from './payloads.ts';
import { readAnsible, readTerraform, textsIn } from './readers.ts';

/** Free text: everything else is made of characters that no engine reads as more. */
const FREE = FIELDS.filter((field) => takes(field, "a { b } 'c'")).map(({ name }) => name);

/** A variable of Ansible's and what lies in it, four levels deep. */
function structured(variable: string): string[] {
  const levels = [0, 1, 2, 3, 4].map((depth) => variable + '.*'.repeat(depth));
  return levels.flatMap((each) => [each, `${each}.expression`]);
}

describe('fields of free text', () => {
  it('are these', () => {
    expect(FREE.sort()).toEqual(
      [
        'after.check.*',
        'cluster.iam.statements.*.conditions.*.*',
        'cluster.iam.statements.*.conditions.*.*.*',
        'cluster.worker.command.*',
        'cluster.worker.program.archive.path',
        'cluster.worker.program.command.*',
        'description',
        'description',
        'description',
        'endpoint.clientConfig',
        'endpoint.cloudsYaml',
        'endpoint.domain',
        'endpoint.project',
        'images.*.file',
        ...structured('kolla.globals.*'),
        ...structured('kolla.inventory.groups.*.variables.*'),
        ...structured('kolla.inventory.hosts.*.*'),
        'open.*',
        'organisation.description',
        'parameters.*',
        'parameters.*.choices.*',
        'parameters.*.default',
        'parameters.*.description',
        'parts.*.parameters.*',
        'purpose',
        'racks.*.description',
        'secrets.path',
        'storage.volumeTypes.*.description',
        'terraform.cliConfig',
        'tiers.*.description',
        'tiers.*.userData',
      ].sort(),
    );
  });
});

/** Characters that some engine reads as more than text. */
const SPECIAL = /[\n{}$`<>|\\"'#;*&\u0000-\u001f]/;

describe('a field that is not free', () => {
  const others = FIELDS.filter(({ name }) => !FREE.includes(name));
  it.each(others.map((field) => [field.file, field.name, field] as const))('%s %s refuses it', (_file, name, field) => {
    const taken = Object.values(PAYLOADS).filter((text) => takes(field, text));
    // An e-mail address may have an apostrophe; the comment of a key is free, and no engine's.
    expect(
      taken.filter((text) => SPECIAL.test(text)),
      name,
    ).toEqual([]);
  });
});

/** Files of a Kolla tree with variables that the configuration passes on. */
const PASSED_ON = new Set([
  'globals.yml',
  'inventory/group_vars/octavia-worker.yml',
  'inventory/host_vars/control01.yml',
]);

describe.each(Object.entries(HOSTILE_TEXTS))('%s in every field', (_name, own) => {
  const project = filledWith(own);
  const wanted = [
    'openstack/paris/base',
    'openstack/paris/dev/anna',
    'aws/prod/network',
    'aws/prod/cluster',
    'kolla/paris',
  ];
  const stacks = synthesizeInProcess(stacksOf(project).filter(({ id }) => wanted.includes(id)));

  it.each(['openstack/paris/base', 'openstack/paris/dev/anna'] as const)('is text in %s', async (id) => {
    const { terraform: _, ...root } = JSON.parse((await stacks).get(id)?.text ?? '{}') as Record<string, unknown>;
    const read = textsIn(root).map(readTerraform);
    for (const { expressions } of read)
      for (const each of expressions) expect(each).toMatch(/^\$\{(?:data\.)?openstack_\w+\.[\w-]+\.[\w[\]]+\}$/);
    expect(read.filter((each) => each.text.includes(own)).length).toBeGreaterThan(0);
  });

  it.each(['aws/prod/network', 'aws/prod/cluster'] as const)('is text in %s', async (id) => {
    const template = (await stacks).get(id)?.text ?? '';
    expect(template).not.toMatch(/\{\{\s*(?:resolve|ssm):|"Fn::Sub"|\$\{Token/);
    const found = textsIn(JSON.parse(template)).filter(
      (each) => each.includes(own) || each.includes(JSON.stringify(own).slice(1, -1)),
    );
    expect(found.length).toBeGreaterThan(0);
  });

  it('is text in kolla/paris, but for the expression', async () => {
    const tree = JSON.parse((await stacks).get('kolla/paris')?.text ?? '{}') as Record<string, string>;
    for (const [path, content] of Object.entries(tree)) {
      if (!PASSED_ON.has(path)) expect(content, path).not.toContain(own);
      // What is laid over Kolla's own configuration is made of Tandem's templates, and of no text.
      if (!path.endsWith('.yml') || path.startsWith('config/')) continue;
      const { evaluated, text: kept } = readAnsible(content);
      expect(
        evaluated.filter((each) => each !== own && each !== '{{ inventory_hostname }}'),
        path,
      ).toEqual([]);
      if (PASSED_ON.has(path)) expect(kept).toContain(own);
    }
    expect(tree['globals.yml']).toContain(`\nmeant: ${JSON.stringify(own)}\n`);
    for (const path of [...PASSED_ON].slice(1)) expect(tree[path]).toContain(`\nknown: ${JSON.stringify(own)}\n`);
  });
});
