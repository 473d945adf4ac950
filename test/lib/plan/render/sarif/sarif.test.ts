import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../../../lib/plan/model.ts';
import { toPlan } from '../../../../../lib/plan/plan.ts';
import { renderSarif } from '../../../../../lib/plan/render/sarif/plan.ts';
import { renderProblemsSarif } from '../../../../../lib/plan/render/sarif/problems.ts';
import { PAYLOADS } from '../../../../properties/payloads.ts';
import { change, hostilePlan, richPlan, stack } from '../html/plans.ts';

const context = { version: '0.1.0', prefix: '' };

const require = createRequire(import.meta.url);
/** The schema of OASIS, as Microsoft's matchers for Jest carry it. */
const schema = JSON.parse(
  readFileSync(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'),
) as object;
const ajv = new Ajv({ schemaId: 'auto', allErrors: true });
ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json') as object);
const validate = ajv.compile(schema);

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation?: {
      readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
      readonly region: { readonly startLine: number };
    };
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly { readonly justification: string }[];
}

function resultsOf(text: string): readonly Result[] {
  const log = JSON.parse(text) as { runs: [{ results: Result[]; tool: { driver: { rules: { id: string }[] } } }] };
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
  const [{ results, tool }] = log.runs;
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  return results;
}

const of = (plan: Plan, more = context): readonly Result[] => resultsOf(renderSarif(plan, more));

describe('a plan in SARIF', () => {
  it('has findings, and what destroys, replaces or interrupts, each at its line', () => {
    const results = of(richPlan());
    expect(new Set(results.map(({ ruleId, level }) => `${level} ${ruleId}`))).toEqual(
      new Set([
        'error destroys-data',
        'warning checkov/CKV_AWS_1',
        'warning stack-ahead',
        'warning stack-leaves-target',
        'error stack-error',
        'warning replaces-with-loss',
        'warning deletes-with-loss',
        'note deletes',
      ]),
    );
    const [first] = results;
    expect(first?.message.text).toBe(
      'openstack_blockstorage_volume_v3.data in openstack/paris/dev/bruno: a volume with data is destroyed',
    );
    expect(first?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'config/dev/bruno.yaml', uriBaseId: 'SRCROOT' },
      region: { startLine: 2 },
    });
  });

  it('says which findings somebody overrode, until when', () => {
    const overridden = of(richPlan()).find(({ ruleId }) => ruleId === 'checkov/CKV_AWS_1');
    expect(overridden?.suppressions?.[0]?.justification).toBe('only for a test (kim, until 2026-12-31)');
  });

  it('names files from the root of the repository, as an address', () => {
    const at = stack('openstack/paris/base', [
      change('a', { action: 'delete', source: { file: 'config/a b#c.yaml', line: 1 } }),
    ]);
    const [only] = of(toPlan({ kind: 'empty', ref: '' }, [at]), { ...context, prefix: 'infra/tandem' });
    expect(only?.locations[0]?.physicalLocation?.artifactLocation.uri).toBe('infra/tandem/config/a%20b%23c.yaml');
  });

  it('gives a finding the same fingerprint in every run, wherever its line is now, and no other the same', () => {
    const prints = (line: number): (string | undefined)[] => {
      const changes = ['a', 'b'].map((address) =>
        change(address, { action: 'delete', source: { file: 'config/x.yaml', line } }),
      );
      return of(toPlan({ kind: 'empty', ref: '' }, [stack('openstack/paris/base', changes)])).map(
        ({ partialFingerprints }) => partialFingerprints['tandem/v1'],
      );
    };
    expect(prints(3)).toEqual(prints(30));
    expect(new Set(prints(3)).size).toBe(2);
    const all = of(richPlan()).map(({ partialFingerprints }) => partialFingerprints['primaryLocationLineHash']);
    expect(new Set(all).size).toBe(all.length);
  });

  it('is valid, and writes no link, whatever texts are in the plan', () => {
    for (const text of [...Object.values(PAYLOADS), '[click](http://evil.example.org)', '%zz', 'x'.repeat(1_000_000)]) {
      const written = renderSarif(hostilePlan(text), context);
      for (const { message } of resultsOf(written)) expect(message.text).not.toMatch(/(?<!\\)\[[^\]]*\]\(/);
      expect(written.length).toBeLessThan(500_000);
    }
  });

  it('is empty where nothing is found', () => {
    expect(of(toPlan({ kind: 'empty', ref: '' }, [stack('openstack/paris/base', [change('a')])]))).toEqual([]);
  });
});

describe('problems of the configuration in SARIF', () => {
  it('stand at their line and column, with what to write instead', () => {
    const problem = {
      code: 'unknown-key',
      severity: 'error',
      file: 'config/tandem.yaml',
      line: 3,
      column: 5,
      path: 'a.b',
      message: 'got "x"',
      fix: 'remove it',
    } as const;
    const [only] = resultsOf(renderProblemsSarif([problem, { ...problem, severity: 'warning', line: 4 }], context));
    expect(only).toMatchObject({
      ruleId: 'unknown-key',
      level: 'error',
      message: { text: 'a.b: got "x"; remove it' },
      locations: [{ physicalLocation: { region: { startLine: 3, startColumn: 5 } } }],
    });
  });
});
