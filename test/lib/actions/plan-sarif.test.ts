import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planSchema } from '../../../lib/plan/schema.ts';
import { copyData } from '../../stacks/copy-project.ts';
import { tandemInProcess } from '../cli/in-process.ts';

const TEMPLATE = 'cdk.out/aws-prod-network.template.json';

describe('what another program found in a written template', () => {
  let folder: string;
  let template: string;
  let log: string;
  beforeAll(async () => {
    folder = copyData();
    expect(await tandemInProcess(folder, ['synth', 'prod'])).toMatchObject({ code: 0 });
    template = join(folder, TEMPLATE);
    log = join(folder, 'found.sarif');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A log that names the line on which a text stands. */
  function found(text: string): void {
    const lines = readFileSync(template, 'utf8').split('\n');
    const startLine = lines.findIndex((line) => line.includes(text)) + 1;
    const physicalLocation = { artifactLocation: { uri: TEMPLATE }, region: { startLine } };
    const results = [{ ruleId: 'W1', message: { text: 'too wide' }, locations: [{ physicalLocation }] }];
    writeFileSync(
      log,
      JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'cfn-lint' } }, results }] }),
    );
  }

  const planned = async (...args: string[]) => {
    const { code, stdout } = await tandemInProcess(folder, [
      'plan',
      'prod',
      '--base',
      'none',
      '--sarif-in',
      log,
      '--json',
      ...args,
    ]);
    expect(code).toBe(0);
    return planSchema.parse(JSON.parse(stdout));
  };

  it('stands at the change, and at the line of the configuration that set the property', async () => {
    found('"CidrBlock": "10.33.0.0/21"');
    const out = join(folder, 'out.sarif');
    const plan = await planned('--sarif', out);
    expect(plan.findings).toContainEqual(
      expect.objectContaining({
        rule: 'cfn-lint/W1',
        level: 'warn',
        address: 'NetworkVpcFAC8F4A5',
        source: { file: 'config/environments/prod.yaml', line: 11 },
      }),
    );
    expect(
      plan.stacks.flatMap(({ changes }) => changes).find(({ address }) => address === 'NetworkVpcFAC8F4A5')?.findings,
    ).toEqual(['cfn-lint/W1']);
    expect(readFileSync(out, 'utf8')).toContain('"ruleId": "cfn-lint/W1"');
  });

  it('has no place once the template is not what the configuration makes', async () => {
    found('"CidrBlock": "10.33.0.0/21"');
    appendFileSync(template, '\n');
    const plan = await planned();
    expect(plan.findings.filter(({ rule }) => rule === 'cfn-lint/W1')).toEqual([]);
    expect(plan.elsewhere?.[0]?.text).toContain('would write otherwise');
  });

  it('fails for a file that is none, and for no file', async () => {
    writeFileSync(log, 'no');
    expect((await tandemInProcess(folder, ['plan', '--sarif-in', log])).stderr).toContain('not-sarif');
    rmSync(log);
    expect((await tandemInProcess(folder, ['plan', '--sarif-in', log])).stderr).toContain('cannot-read');
  });

  it('problems of the configuration are written too', async () => {
    const out = join(folder, 'validate.sarif');
    expect(await tandemInProcess(folder, ['validate', '--sarif', out])).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ version: '2.1.0', runs: [{ results: [] }] });
  });
});
