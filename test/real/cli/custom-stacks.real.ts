import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyProject, tandem } from '../../stacks/copy-project.ts';

const exec = promisify(execFile);
let root: string;

beforeAll(() => {
  root = copyProject();
  mkdirSync(join(root, 'stacks/custom'), { recursive: true });
  for (const name of ['reports.ts', 'mirror.ts'])
    copyFileSync(join(root, 'docs/examples/custom', name), join(root, 'stacks/custom', name));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Plan {
  readonly stacks: readonly {
    id: string;
    changes: readonly { type: string; source: { file: string; line: number } | null }[];
  }[];
}

async function plan(...selectors: string[]): Promise<Plan> {
  const { stdout, stderr } = await tandem(root, ['plan', '--base', 'none', '--json', ...selectors]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Plan;
}

describe("a user's own stacks", () => {
  it('are in the plan beside the others, with the line that they come from', async () => {
    const { stacks } = await plan();
    const ids = stacks.map((stack) => stack.id);
    expect(ids).toContain('custom/mirror');
    expect(ids).toContain('custom/reports');
    expect(ids).toContain('openstack/paris/base');
    const reports = stacks.find((stack) => stack.id === 'custom/reports');
    const bucket = reports?.changes.find((change) => change.type === 'AWS::S3::Bucket');
    expect(bucket?.source?.file).toMatch(/^config\/environments\/(?:staging|base)\.yaml$/);
  });

  it('are planned again when their code changes: the cache is keyed by it', async () => {
    const file = join(root, 'stacks/custom/mirror.ts');
    const text = readFileSync(file, 'utf8');
    const [before] = (await plan('mirror')).stacks;
    writeFileSync(file, text.replace("'network', { name: 'mirror' }", "'network-2', { name: 'mirror-2' }"));
    const [after] = (await plan('mirror')).stacks;
    writeFileSync(file, text);
    expect(JSON.stringify(after)).toContain('network-2');
    expect(JSON.stringify(before)).not.toContain('network-2');
  });

  it("are in both engines' own Apps, with the same bytes", async () => {
    expect((await tandem(root, ['synth', 'mirror', 'reports'])).code).toBe(0);
    const ours = readFileSync(join(root, 'cdktf.out/stacks/custom-mirror/cdk.tf.json'), 'utf8');
    expect(ours).toContain('.tandem/state/custom/mirror.tfstate');
    expect(readFileSync(join(root, 'cdk.out/custom-reports.template.json'), 'utf8')).toContain('AWS::S3::Bucket');
    const script = [
      "import { loadProject } from './lib/config/load.ts';",
      "import { directoryFiles } from './lib/config/files.ts';",
      "import { stacksOf } from './lib/synthesis/catalogue.ts';",
      "import { buildTerraformApp } from './lib/engines/terraform/app.ts';",
      "const { project } = loadProject(directoryFiles('.'));",
      "const all = stacksOf(project).filter((each) => each.engine === 'terraform');",
      "buildTerraformApp(all, 'elsewhere.out').synth();",
    ].join('\n');
    await exec(process.execPath, ['--input-type=module-typescript', '--eval', script], { cwd: root });
    expect(readFileSync(join(root, 'elsewhere.out/stacks/custom-mirror/cdk.tf.json'), 'utf8')).toBe(ours);
  });

  it('run apart: they reach no file of the operator, no credential and no program', async () => {
    const file = join(root, 'stacks/custom/curious.ts');
    writeFileSync(join(root, 'clouds.yaml'), 'canary');
    const attempts = [
      "readFileSync('clouds.yaml', 'utf8')",
      "readFileSync('/etc/passwd', 'utf8')",
      "readFileSync('.tandem/cache', 'utf8')",
      "writeFileSync('config/tandem.yaml', '')",
      "execFileSync('id')",
      'process.env.AWS_SECRET_ACCESS_KEY?.length ?? refused()',
    ].map((each) => `attempt(() => ${each});`);
    const text = [
      "import { execFileSync } from 'node:child_process';",
      "import { readFileSync, writeFileSync } from 'node:fs';",
      'const said: string[] = [];',
      'const refused = () => { throw new Error(); };',
      "const attempt = (work: () => unknown) => { try { said.push(String(work())); } catch { said.push('refused'); } };",
      ...attempts,
      "throw new Error(said.join(' '));",
    ];
    writeFileSync(file, text.join('\n'));
    const { stderr } = await tandem(root, ['list'], { AWS_SECRET_ACCESS_KEY: 'canary' });
    rmSync(file);
    expect(stderr).toContain(`it cannot be loaded: ${attempts.map(() => 'refused').join(' ')}\n`);
  });

  it('are not run for the pull request of a fork, unless the operator says so', async () => {
    const fork = { CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '2', CI_MERGE_REQUEST_PROJECT_ID: '1' };
    const refused = await tandem(root, ['plan', '--base', 'none', 'mirror'], fork);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('error foreign-code: stacks/custom/mirror.ts is not run');
    const allowed = { ...fork, TANDEM_ALLOW_FOREIGN_CODE: '1' };
    expect((await tandem(root, ['plan', '--base', 'none', 'mirror'], allowed)).code).toBe(0);
  });

  it.each([
    ['exports nothing', 'export const other = 1;', 'custom-stack-invalid', 'it exports no `stack`'],
    [
      'has a bad name',
      "export const stack = { name: 'A', engine: 'cdk', inputs: () => 1, build: () => 1 };",
      'custom-stack-invalid',
      'got the name "A"',
    ],
    ['throws while it loads', "throw new Error('no luck');", 'custom-stack-failed', 'it cannot be loaded: no luck'],
    [
      'ignores its id',
      "import { TerraformStack } from 'cdktf';\nexport const stack = { name: 'wrong', engine: 'cdktn', inputs: () => 1, build: (app) => new TerraformStack(app, 'own') };",
      'custom-stack-invalid',
      'pass on its `id`, "custom-wrong"',
    ],
    [
      'names a back end of its own',
      "import { LocalBackend, TerraformStack } from 'cdktf';\nexport const stack = { name: 'wrong', engine: 'cdktn', inputs: () => 1, build: (app, id) => { const made = new TerraformStack(app, id); new LocalBackend(made, { path: 'x' }); return made; } };",
      'custom-stack-backend',
      'names a back end of its own',
    ],
    [
      'names a back end by an override',
      "import { TerraformStack } from 'cdktf';\nexport const stack = { name: 'wrong', engine: 'cdktn', inputs: () => 1, build: (app, id) => { const made = new TerraformStack(app, id); made.addOverride('terraform.backend', { local: {} }); return made; } };",
      'custom-stack-backend',
      'names a back end of its own',
    ],
  ])('fails with file and reason where it %s', async (_, text, code, reason) => {
    const file = join(root, 'stacks/custom/broken.ts');
    writeFileSync(file, text);
    const { code: exit, stderr } = await tandem(root, ['plan', '--base', 'none', 'custom/*']);
    rmSync(file);
    expect(exit).toBe(1);
    expect(stderr).toContain(`error ${code}: stacks/custom/broken.ts: `);
    expect(stderr).toContain(reason);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});
