import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { planSchema } from '../../../lib/plan/schema.ts';
import { copyProject, tandem } from '../../stacks/copy-project.ts';
import { pythonTools } from './python-tools.ts';

test('findings of checkov and cfn-lint in the shipped templates stand at their changes and lines', async () => {
  const bin = pythonTools();
  const folder = copyProject();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  expect(await tandem(folder, ['synth', 'prod', 'staging'])).toMatchObject({ code: 0 });
  const out = join(folder, 'checkov');
  const checkov = ['--framework', 'cloudformation', '--skip-download', '--quiet', '--output', 'sarif'];
  spawnSync(join(bin, 'checkov'), [...checkov, '--output-file-path', out, '-d', 'cdk.out'], { cwd: folder });
  const lint = spawnSync(join(bin, 'cfn-lint'), ['--format', 'sarif', '--template', 'cdk.out/*.template.json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  writeFileSync(join(folder, 'cfn-lint.sarif'), lint.stdout);
  const logs = ['--sarif-in', join(out, 'results_sarif.sarif'), '--sarif-in', join(folder, 'cfn-lint.sarif')];
  const { code, stdout, stderr } = await tandem(folder, [
    'plan',
    'prod',
    'staging',
    '--base',
    'none',
    '--json',
    ...logs,
  ]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const { findings, elsewhere } = planSchema.parse(JSON.parse(stdout));
  const found = findings.filter(({ rule }) => rule.startsWith('checkov/'));
  expect(
    found.map(({ rule, stack, address }) => `${rule} ${stack ?? ''} ${address.replace(/[0-9A-F]{8}$/, '')}`).sort(),
  ).toEqual([
    ...['116', '117', '173'].flatMap((check) =>
      ['prod', 'staging'].map((name) => `checkov/CKV_AWS_${check} aws/${name}/cluster ClusterScalerFunction`),
    ),
    'checkov/CKV_AWS_18 aws/prod/cluster ClusterResultsBucket',
    'checkov/CKV_AWS_18 aws/staging/cluster ClusterResultsBucket',
    'checkov/CKV_AWS_28 aws/prod/cluster ClusterHeartbeatsTable',
    'checkov/CKV_AWS_28 aws/prod/cluster ClusterJobsTable',
    'checkov/CKV_AWS_28 aws/staging/cluster ClusterHeartbeatsTable',
    'checkov/CKV_AWS_28 aws/staging/cluster ClusterJobsTable',
  ]);
  for (const { source } of found) expect(source?.file).toMatch(/^config\/environments\//);
  expect(elsewhere).toEqual([]);
});
