import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initialFiles } from '../../../lib/actions/init/files.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { type Outcome, run } from '../../stacks/copy-project.ts';

const CUSTOM = [
  "import { TerraformStack } from 'cdktf';",
  "import { defineStack } from 'tandem';",
  "import { NetworkingNetworkV2 } from 'tandem/openstack/networking-network-v2';",
  "import { OpenstackProvider } from 'tandem/openstack/provider';",
  'export const stack = defineStack({',
  "  name: 'mirror',",
  "  engine: 'cdktn',",
  '  inputs: () => null,',
  '  build: (app, id) => {',
  '    const made = new TerraformStack(app, id);',
  "    new OpenstackProvider(made, 'openstack', {});",
  "    new NetworkingNetworkV2(made, 'network', { name: 'mirror' });",
  '    return made;',
  '  },',
  '});',
].join('\n');

/** A repository with a project in its folder `infra`, and a symbolic link to that from elsewhere. */
let home: string;
let project: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'tandem-project-'));
  project = join(home, 'repository/infra');
  const { 'package.json': _, ...files } = initialFiles({
    ...{ organisation: 'acme', contact: 'ops@acme.example.org', cloud: 'dev', version: '0.1.0' },
  });
  write({ ...files, 'stacks/custom/mirror.ts': CUSTOM });
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(CODE_ROOT, join(project, 'node_modules/tandem'));
  symlinkSync(join(CODE_ROOT, 'node_modules/cdktf'), join(project, 'node_modules/cdktf'));
  symlinkSync(project, join(home, 'link'));
  git('init', '--quiet');
  commit('A project');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  }
}

function git(...args: string[]): void {
  const user = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...user, ...args], { cwd: dirname(project) });
}

function commit(message: string): void {
  git('add', '--all');
  git('commit', '-qm', message);
}

const tandem = (...args: string[]): Promise<Outcome> => run(join(CODE_ROOT, 'lib/cli/main.ts'), args, { cwd: home });

async function changed(base: string, ...where: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await tandem(...where, 'plan', '--base', base, '--json');
  expect(code, stderr).toBe(0);
  const { stacks } = JSON.parse(stdout) as { stacks: { id: string; status: string }[] };
  return stacks.filter(({ status }) => status !== 'unchanged').map(({ id }) => id);
}

describe('a project that is not the folder of the code', () => {
  it('has its own stacks in the plan, named by its folder or by a link to it', async () => {
    expect(await changed('none', '-C', 'repository/infra')).toEqual(['custom/mirror', 'openstack/dev/base']);
    expect(await changed('none', '--project', 'link')).toEqual(['custom/mirror', 'openstack/dev/base']);
  });

  it("compares with a commit's own stacks and configuration", async () => {
    expect(await changed('HEAD', '-C', 'link')).toEqual([]);
    const file = 'config/clouds/dev.yaml';
    const text = readFileSync(join(project, file), 'utf8');
    write({ 'stacks/custom/mirror.ts': CUSTOM.replace("name: 'mirror' });", "name: 'packages' });") });
    expect(await changed('HEAD', '-C', 'link')).toEqual(['custom/mirror']);
    commit('Another network');
    write({ [file]: text.replace('vcpus: 1,', 'vcpus: 2,') });
    expect(await changed('HEAD', '-C', 'link')).toEqual(['openstack/dev/base']);
    expect(await changed('HEAD~1', '-C', 'link')).toEqual(['custom/mirror', 'openstack/dev/base']);
    write({ [file]: text });
  });

  it('says that a commit names no version of the code', async () => {
    const { stderr } = await tandem('-C', 'link', 'plan', '--base', 'HEAD');
    expect(stderr).toMatch(/^no package-lock\.json of [0-9a-f]{10} names a version of tandem; synthesizing with/);
  });
});
