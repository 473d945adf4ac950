import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Project } from '../../../../lib/config/project.ts';
import { difference } from '../../../../lib/engines/plugins.ts';
import type { Plan } from '../../../../lib/plan/model.ts';
import { toPlan } from '../../../../lib/plan/plan.ts';
import { attachFindings, type ReadArtefact } from '../../../../lib/review/sarif/attach.ts';
import { placesIn } from '../../../../lib/review/sarif/place.ts';
import { type ForeignFinding, readSarif } from '../../../../lib/review/sarif/read.ts';
import type { StackId } from '../../../../lib/stack/id.ts';
import { stack } from '../../plan/render/html/plans.ts';

const TEMPLATE = 'cdk.out/custom-world.template.json';
const ROOT = 'cdktf.out/stacks/custom-sky/cdk.tf.json';
/** Beside the logs under names of their own: git ignores `cdk.out` and `cdktf.out`, and a formatter would move their lines. */
const ARTEFACTS: Readonly<Record<string, string>> = { [TEMPLATE]: 'world.template', [ROOT]: 'sky.tf' };
const fixture = (file: string): string =>
  readFileSync(join(import.meta.dirname, 'fixtures', ARTEFACTS[file] ?? file), 'utf8');
/** No citation is looked up in it. */
const project = {} as Project;

function artefact(id: StackId, file: string, isStale = false): ReadArtefact {
  return { stack: { id, text: fixture(file), citations: {}, files: ['stacks/custom/x.ts'] }, file, isStale };
}

/** Everything in an artefact is created, but what a test takes out. */
async function planOf(id: StackId, engine: string, file: string, without: string[] = []): Promise<Plan> {
  const bare = await difference(engine, undefined, fixture(file));
  const changes = bare
    .filter(({ address }) => !without.includes(address))
    .map((each) => ({ ...each, source: { file: 'stacks/custom/x.ts', line: 1 } }));
  return toPlan({ kind: 'empty', ref: '' }, [stack(id, changes, { engine })]);
}

const world = (without?: string[]): Promise<Plan> => planOf('custom/world', 'cloudformation', TEMPLATE, without);
const attach = (plan: Plan, found: readonly ForeignFinding[], ...artefacts: ReadArtefact[]): Plan =>
  attachFindings(plan, found, { project, artefacts });
const listed = ({ findings }: Plan): string[] =>
  findings.map(({ rule, level, stack: id, address }) => `${level} ${rule} ${id ?? ''} ${address}`);

describe('findings of other programs, from their own logs', () => {
  it('of checkov stand at the resource whose lines it names', async () => {
    const plan = attach(
      await world(),
      readSarif('x', fixture('checkov-cloudformation.sarif')),
      artefact('custom/world', TEMPLATE),
    );
    expect(listed(plan).sort()).toEqual([
      'warn checkov/CKV_AWS_18 custom/world Shelf',
      'warn checkov/CKV_AWS_23 custom/world Door',
      'warn checkov/CKV_AWS_24 custom/world Door',
      'warn checkov/CKV_AWS_363 custom/world Code',
    ]);
    const door = plan.stacks[0]?.changes.find(({ address }) => address === 'Door');
    expect(door?.findings).toEqual(['checkov/CKV_AWS_24', 'checkov/CKV_AWS_23']);
    expect(plan.findings[0]).toMatchObject({
      reason: 'Ensure no security groups allow ingress from 0.0.0.0:0 to port 22',
      source: { file: 'stacks/custom/x.ts', line: 1 },
    });
    expect(plan.elsewhere).toEqual([]);
  });

  it('of checkov over Terraform stand at the address of the plan', async () => {
    const plan = attach(
      await planOf('custom/sky', 'terraform', ROOT),
      readSarif('x', fixture('checkov-terraform.sarif')),
      artefact('custom/sky', ROOT),
    );
    expect(listed(plan)).toEqual(['warn checkov/CKV_OPENSTACK_2 custom/sky openstack_networking_secgroup_rule_v2.ssh']);
  });

  it('of cfn-lint stand at the property', async () => {
    const found = readSarif('x', fixture('cfn-lint.sarif'));
    const cited = artefact('custom/world', TEMPLATE);
    const citations = { Code: [] };
    const plan = attach(await world(), found, { ...cited, stack: { ...cited.stack, citations } });
    expect(listed(plan)).toContain('warn cfn-lint/E2531 custom/world Code');
  });

  it('on what does not change are counted, not listed', async () => {
    const plan = attach(
      await world(['Door', 'Shelf', 'Code']),
      readSarif('x', fixture('checkov-cloudformation.sarif')),
      artefact('custom/world', TEMPLATE),
    );
    expect(plan.findings).toEqual([]);
    expect(plan.elsewhere).toEqual([
      { tool: 'checkov', count: 4, text: '4 findings of checkov are on what does not change' },
    ]);
  });

  it('in a file that this configuration writes otherwise are said to have no place', async () => {
    const plan = attach(
      await world(),
      readSarif('x', fixture('checkov-cloudformation.sarif')),
      artefact('custom/world', TEMPLATE, true),
    );
    expect(plan.findings).toEqual([]);
    expect(plan.elsewhere?.[0]?.text).toBe(
      '4 findings of checkov are about a file that this configuration would write otherwise: run `tandem synth`, then the check again',
    );
  });

  it('in files of no planned stack are counted', async () => {
    const plan = attach(
      await world(),
      readSarif('x', fixture('checkov-terraform.sarif')),
      artefact('custom/world', TEMPLATE),
    );
    expect(plan.elsewhere).toEqual([
      { tool: 'checkov', count: 1, text: '1 finding of checkov is about files that no planned stack is made of' },
    ]);
  });

  it('twice the same are one', async () => {
    const found = readSarif('x', fixture('checkov-cloudformation.sarif'));
    expect(attach(await world(), [...found, ...found], artefact('custom/world', TEMPLATE)).findings).toHaveLength(4);
  });

  it('stand there too where the program ran inside the folder, unless several files have that name', async () => {
    const found = (file: string): ForeignFinding[] => [
      { rule: 'cfn-lint/E1', tool: 'cfn-lint', message: 'm', file, line: 17, names: [] },
    ];
    const own = artefact('custom/world', TEMPLATE);
    for (const file of ['./custom-world.template.json', `../elsewhere/${TEMPLATE}`, `/builds/1/${TEMPLATE}`])
      expect(listed(attach(await world(), found(file), own)), file).toEqual(['warn cfn-lint/E1 custom/world Shelf']);
    const twin = artefact('custom/sky', ROOT);
    const other = { ...twin, file: 'cdktf.out/stacks/custom-sea/cdk.tf.json' };
    expect(attach(await world(), found('cdk.tf.json'), twin, other).elsewhere?.[0]?.text).toContain('no planned stack');
  });

  it('by the name of the resource, where no line is given', async () => {
    const named = {
      rule: 'trivy/AVD-1',
      tool: 'trivy',
      message: 'm',
      file: `/elsewhere/${TEMPLATE}`,
      names: ['AWS::S3::Bucket.Shelf'],
    };
    expect(listed(attach(await world(), [named], artefact('custom/world', TEMPLATE)))).toEqual([
      'warn trivy/AVD-1 custom/world Shelf',
    ]);
  });
});

describe('a log in SARIF', () => {
  const log = (more: object, result: object = {}): string =>
    JSON.stringify({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'Trivy', rules: [{ id: 'R0' }, { id: 'R1' }] } },
          results: [{ message: { text: 'm' }, ...result }],
          ...more,
        },
      ],
    });
  const at = (uri: object): object => ({
    locations: [{ physicalLocation: { artifactLocation: uri, region: { startLine: 7 } } }],
  });

  it('finds rules by index, and files through bases and lists', () => {
    expect(readSarif('x', log({}, { ruleIndex: 1 }))[0]?.rule).toBe('trivy/R1');
    const bases = { ROOT: { uri: 'file:///builds/' }, OUT: { uri: 'cdk.out/', uriBaseId: 'ROOT' } };
    expect(
      readSarif('x', log({ originalUriBaseIds: bases }, at({ uri: 'a%20b.json', uriBaseId: 'OUT' })))[0],
    ).toMatchObject({ file: '/builds/cdk.out/a b.json', line: 7 });
    expect(
      readSarif('x', log({ artifacts: [{ location: { uri: 'cdk.out\\x.json' } }] }, at({ index: 0 })))[0]?.file,
    ).toBe('cdk.out/x.json');
    expect(
      readSarif(
        'x',
        log({ originalUriBaseIds: { A: { uri: 'a/', uriBaseId: 'A' } } }, at({ uri: 'x', uriBaseId: 'A' })),
      )[0]?.file,
    ).toBe('a/x');
  });

  it('has a finding for each place of a result', () => {
    const places = ['a', 'b'].map((uri) => ({ physicalLocation: { artifactLocation: { uri } } }));
    expect(readSarif('x', log({}, { locations: places })).map(({ file }) => file)).toEqual(['a', 'b']);
  });

  it.each([
    ['passed', { kind: 'pass' }],
    ['is suppressed', { suppressions: [{ kind: 'inSource' }] }],
    ['is gone', { baselineState: 'absent' }],
    ['says nothing', { level: 'none' }],
  ])('leaves out what %s', (_, result) => {
    expect(readSarif('x', log({}, result))).toEqual([]);
  });

  it.each([
    ['no JSON', '<sarif/>', /no JSON/],
    ['cut off', log({}).slice(0, -9), /no JSON/],
    ['another version', log({}).replace('2.1.0', '2.0.0'), /version: /],
    ['no runs', '{"version":"2.1.0"}', /runs: /],
    ['an array', '[]', /expected object/i],
    ['a run without a tool', '{"version":"2.1.0","runs":[{}]}', /runs\.0\.tool/],
    ['a run that did not end', log({ results: null }), /Trivy did not end/],
  ])('fails for %s, and says why', (_, text, why) => {
    expect(() => readSarif('found.sarif', text)).toThrow(why);
    expect(() => readSarif('found.sarif', text)).toThrow(/^found\.sarif is no log in SARIF 2\.1\.0/);
  });
});

describe('places in JSON', () => {
  const text = '{\n "a": {\n  "b": [\n   {"c": 1},\n   2\n  ]\n },\n "é😀": "x"\n}';
  const find = placesIn(text);

  it.each([
    [2, undefined, 'a'],
    [3, undefined, 'a.b'],
    [4, 5, 'a.b.0.c'],
    [5, undefined, 'a.b.1'],
    [8, undefined, 'é😀'],
    [1, undefined, ''],
  ])('line %i, column %s is in %s', (line, column, path) => {
    expect(find(line, column)?.join('.')).toBe(path);
  });

  it('has none after its end', () => {
    expect(find(99, undefined)).toBeUndefined();
  });
});
