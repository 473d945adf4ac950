import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lab, labStatus } from '../lab/openstack/index.ts';
import { directoryFiles } from '../lib/config/files.ts';
import { loadProject } from '../lib/config/load.ts';
import { credentialVariables } from '../lib/engines/terraform/credentials.ts';
import { terraformEnvironment } from '../lib/engines/terraform/environment.ts';
import { terraformPlugin } from '../lib/engines/terraform/plugin.ts';
import { OpenStackClient } from '../lib/openstack-api/client.ts';
import { readCloudAccess } from '../lib/openstack-api/clouds-yaml.ts';
import { OpenStackCloud } from '../lib/openstack-api/openstack-cloud.ts';
import { StackId } from '../lib/stack/id.ts';
import { localRecords } from '../lib/state/local-records.ts';
import { stacksOf } from '../lib/synthesis/catalogue.ts';
import { synthesize } from '../lib/synthesis/synthesize.ts';
import { type Run, runOnce } from './measure.ts';
import { git, MAIN, NODE, shippedProject } from './projects.ts';

/** Why nothing can be measured on the lab now; undefined where it can. */
export async function noLab(): Promise<string | undefined> {
  const { state } = await labStatus();
  return state === 'running' ? undefined : `the lab is ${state}; \`tandem lab up\` starts it`;
}

/** The lab with a checkout for it: what `env create` and a plain apply are compared in. */
export interface Bench {
  readonly root: string;
  readonly lab: Lab;
  /** `env create`, from its start to its last line. */
  create(name: string, blueprint: string): Promise<Run>;
  destroy(name: string): Promise<void>;
  /** `terraform apply` of the very files that `env create` applied, in a folder that is initialised already. */
  apply(name: string): Promise<Run>;
  /** Has the files of a lease ready for `apply`. */
  prepare(name: string): Promise<void>;
  plainDestroy(name: string): Promise<void>;
  /** Another verb of Tandem's own. */
  tandem(...args: string[]): Promise<Run>;
  /** What one does by hand to review: `terraform plan -out` and `show -json`, over the state that Tandem keeps. */
  planByHand(name: string): Promise<void>;
  end(): void;
}

const SMALL = [
  'description: One server behind one door',
  'ssh: { tier: web, from: [office] }',
  'tiers:',
  '  web: { image: debian-12, flavor: small, floatingAddress: true, volumes: { data: { sizeGiB: 1 } } }',
  '',
].join('\n');

/** A network behind a group, and the least server: the Terraform root is what counts, not what runs. */
const BARE = ['description: The least', 'tiers:', '  one: { image: debian-12, flavor: small }', ''].join('\n');

export async function openBench(): Promise<Bench> {
  const { lab } = await labStatus();
  if (lab === undefined) throw new Error('no lab');
  const root = shippedProject();
  rmSync(join(root, 'config/dev'), { recursive: true, force: true });
  writeFileSync(join(root, 'config/blueprints/small.yaml'), SMALL);
  writeFileSync(join(root, 'config/blueprints/bare.yaml'), BARE);
  copyFileSync(join(import.meta.dirname, '../test/bare.yaml'), join(root, 'config/blueprints/servers.yaml'));
  const file = join(root, 'config/tandem.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^defaultCloud: .*$/m, 'defaultCloud: lab'));
  git(root, 'init', '--quiet');
  git(root, 'config', 'user.name', 'bench');
  git(root, 'config', 'user.email', 'bench@example.org');
  git(root, 'add', '--all');
  git(root, 'commit', '-qm', 'bench');
  const plain = mkdtempSync(join(tmpdir(), 'tandem-plain-'));
  // One engine for both sides.
  const env = { ...process.env, ...lab.environment, TANDEM_TERRAFORM: lab.engine.path };
  const access = readCloudAccess(lab.cloudName, env, root);
  const secrets = credentialVariables(access.credentials);
  const cliConfigFile = lab.cliConfigFile;
  const terraformEnv = terraformEnvironment(
    env,
    { cloudsFile: access.file, cliConfigFile, secrets },
    join(plain, 'plugins'),
  );
  mkdirSync(join(plain, 'plugins'));
  const tandem = (...args: string[]): Promise<Run> =>
    runOnce({ args: [NODE, '--disable-warning=ExperimentalWarning', MAIN, ...args], cwd: root, env });
  const terraform = (name: string, ...args: string[]): Promise<Run> =>
    runOnce({ args: [lab.engine.path, ...args], cwd: join(plain, name), env: terraformEnv });
  await ensureBase(
    root,
    new OpenStackCloud(OpenStackClient.open(access, { cloud: 'lab' }), { name: 'lab', entry: lab.cloudName }),
    tandem,
  );
  return {
    root,
    lab,
    create: (name, blueprint) =>
      tandem(
        'env',
        'create',
        name,
        '--blueprint',
        blueprint,
        '--owner',
        'bench@acme.example.org',
        '--for',
        '1d',
        '--yes',
      ),
    async destroy(name) {
      await tandem('env', 'destroy', name, '--yes');
    },
    async prepare(name) {
      const folder = join(plain, name);
      mkdirSync(folder, { recursive: true });
      const { project } = loadProject(directoryFiles(root));
      if (project === undefined) throw new Error('the configuration does not load');
      const [stack] = await synthesize(stacksOf(project).filter((each) => each.id === StackId.lease('lab', name)));
      const artefact = JSON.parse(stack?.text ?? '{}') as { terraform: { backend?: unknown } };
      artefact.terraform.backend = { local: { path: 'terraform.tfstate' } };
      writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(artefact));
      execFileSync(lab.engine.path, ['init', '-input=false'], { cwd: folder, env: terraformEnv, stdio: 'ignore' });
    },
    apply: (name) => terraform(name, 'apply', '-auto-approve', '-input=false', '-parallelism=20'),
    async plainDestroy(name) {
      const destroy = () => terraform(name, 'destroy', '-auto-approve', '-input=false', '-parallelism=20');
      // It is not what is measured, and gives up at the first connection that breaks.
      await destroy().catch(destroy).catch(destroy);
      // A lease that is not there would count as pending, and take the room of the next.
      rmSync(join(root, `config/dev/${name}.yaml`), { force: true });
    },
    tandem,
    async planByHand(name) {
      const state = join(plain, name, 'terraform.tfstate');
      if (!existsSync(state)) copyFileSync(join(root, `.tandem/state/${StackId.lease('lab', name)}.tfstate`), state);
      await terraform(name, 'plan', '-input=false', '-parallelism=20', '-lock=false', '-out=plan');
      await terraform(name, 'show', '-json', 'plan');
    },
    end() {
      rmSync(root, { recursive: true, force: true });
      rmSync(plain, { recursive: true, force: true });
    },
  };
}

/** Both start from a cloud that is set up: where another checkout did that, this one needs a record of it. */
async function ensureBase(
  root: string,
  cloud: OpenStackCloud,
  tandem: (...args: string[]) => Promise<Run>,
): Promise<void> {
  const room = await cloud.snapshot({ externalNetwork: 'public', subnetPool: 'dev', projectId: undefined });
  if (room.externalAddresses === undefined) {
    await tandem('deploy', StackId.cloudBase('lab'), '--yes');
    return;
  }
  await localRecords(root).write({
    ...{
      format: 'tandem.record/1',
      stack: StackId.cloudBase('lab'),
      engine: terraformPlugin.name,
      digest: 'sha256:0',
      artefact: '{}',
    },
    ...{ commit: '', files: ['config/clouds/lab.yaml'], at: new Date().toISOString(), by: 'another checkout' },
  });
}

/** A lease whose environment is not wanted: only what it would be made of. */
export function writeBenchLease(root: string, name: string, blueprint: string): void {
  const day = new Date().toISOString().slice(0, 10);
  mkdirSync(join(root, 'config/dev'), { recursive: true });
  const text = `blueprint: ${blueprint}\nowner: bench@acme.example.org\nsince: ${day}\nuntil: ${day}\n`;
  writeFileSync(join(root, `config/dev/${name}.yaml`), text);
}
