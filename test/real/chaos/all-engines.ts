import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { labEnvironment, startAwsEndpoint } from '../../../lab/aws/index.ts';
import { directoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { readCloudAccess } from '../../../lib/openstack-api/clouds-yaml.ts';
import { OpenStackCloud } from '../../../lib/openstack-api/openstack-cloud.ts';
import { secretFilesOf } from '../../../lib/private-cloud/kolla/secret-files.ts';
import { artefactName, type StackId } from '../../../lib/stack/id.ts';
import { makeKey } from '../../lib/attestation/keys.ts';
import { writeSecrets } from '../../lib/engines/kolla/secrets-folder.ts';
import { cdk } from '../aws/cdk.ts';
import { createDeployRole, type Run } from '../aws/operator.ts';
import { recordBase } from '../lab/checkout.ts';
import { healthyLab } from '../support/lab.ts';

const ACCOUNT = '222233334444';
const REGION = 'eu-west-3';
const NAME = `chaos${Date.now().toString(36)}`;
const LEASE: StackId = `openstack/lab/dev/${NAME}`;
const NETWORK = 'aws/staging/network';
const KOLLA = 'kolla/paris';

/** One of each engine. */
const STACKS: readonly string[] = [LEASE, NETWORK, KOLLA];

const project = join(import.meta.dirname, '../../..');
const STAND_IN = join(project, 'test/lib/engines/kolla/fake-kolla-ansible');

/** A checkout whose stacks of three engines are deployed to the lab, to an endpoint of AWS, and by a stand-in of Kolla-Ansible. */
export interface AllEngines {
  tandem(...args: string[]): Promise<Run>;
  /** The same, giving stdout. @throws Error with its log where it fails */
  ok(...args: string[]): Promise<string>;
  /** Killed with SIGKILL as soon as the journal of the operation that it begins has so many entries. */
  killedAt(entries: number, ...args: string[]): Promise<Run>;
  /** What is live is planned, frozen, and approved by somebody else; gives the file. */
  approved(): Promise<string>;
  /** Changes what each of the stacks stands on, and commits it. */
  change(): void;
  /** The status of each stack's live plan, in the order of their ids. */
  live(): Promise<string[]>;
  /** What is in the clouds and in no state. */
  orphans(): Promise<string[]>;
  /** Journals of operations that have no end. */
  unfinished(): string[];
  lastJournal(): readonly { readonly entry: string }[];
  /** Takes the lease out of the configuration. */
  retire(): void;
  /** Projects of the lease in the lab. */
  projects(): Promise<string[]>;
  /** Types of all resources at the endpoint of AWS, sorted. */
  resources(): string[];
  close(): Promise<void>;
}

export async function openAllEngines(): Promise<AllEngines> {
  const lab = await healthyLab();
  const endpoint = await startAwsEndpoint({ stepMilliseconds: 10 });
  const root = mkdtempSync(join(tmpdir(), 'tandem-engines-'));
  const secrets = join(root, 'secrets');
  prepareFolder(root, secrets);
  const environment = {
    ...process.env,
    ...lab.environment,
    ...labEnvironment(endpoint.url, ACCOUNT, REGION),
    ...{ NO_COLOR: '1', TANDEM_KOLLA_ANSIBLE: STAND_IN, TANDEM_CHILD_ENVIRONMENT: 'FAKE_*' },
    FAKE_KOLLA_LOG: join(root, 'kolla-calls'),
    TANDEM_ALLOWED_PATHS: secrets,
  };
  await createDeployRole(endpoint.url, ACCOUNT, REGION);
  const output = join(root, 'bootstrap');
  const at = { url: endpoint.url, account: ACCOUNT, output, app: 'node test/real/aws/cdk-app/main.ts' };
  const { exitCode, output: said } = await cdk(['bootstrap', `aws://${ACCOUNT}/${REGION}`], at);
  if (exitCode !== 0) throw new Error(said);
  const client = OpenStackClient.open(readCloudAccess(lab.cloudName, environment, root), { cloud: 'lab' });
  const cloud = new OpenStackCloud(client, { name: 'lab', entry: lab.cloudName });
  await recordBase(root, cloud);
  const room = await cloud.snapshot({ externalNetwork: 'public', subnetPool: 'dev', projectId: undefined });
  const run = async (args: readonly string[], kill?: () => boolean): Promise<Run> => {
    const argv = ['--disable-warning=ExperimentalWarning', join(project, 'lib/cli/main.ts'), ...args];
    const child = spawn(process.execPath, argv, { cwd: root, env: environment });
    const timer = setInterval(() => {
      if (kill?.() === true) child.kill('SIGKILL');
    }, 2);
    let [out, log] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const [code] = (await once(child, 'close')) as [number | null];
    clearInterval(timer);
    return { code, out, log };
  };
  const ok = async (...args: string[]): Promise<string> => {
    const { code, out, log } = await run(args);
    if (code !== 0) throw new Error(`tandem ${args.join(' ')} ended with ${code}: ${log.slice(-3000)}`);
    return out;
  };
  const approved = async (...stacks: readonly string[]): Promise<string> => {
    const file = join(root, 'bundle.json');
    const approver = join(root, 'secrets/approver');
    await ok('plan', ...stacks, '--live', '--out', file);
    await ok('approve', file, '--key', approver, '--yes');
    return file;
  };
  // A lab that was begun anew has none.
  if (room.externalAddresses === undefined) await ok('deploy', await approved('openstack/lab/base'), '--yes');
  let turn = 0;

  return {
    tandem: (...args) => run(args),
    ok,
    killedAt(entries, ...args) {
      const known = new Set(journalsIn(root));
      return run(args, () => {
        const own = journalsIn(root).find((file) => !known.has(file));
        return own !== undefined && entriesIn(own).length >= entries;
      });
    },
    approved: () => approved(...STACKS),
    change() {
      turn += 1;
      const edits: Readonly<Record<string, [RegExp, string]>> = {
        'config/blueprints/bare.yaml': [/count: \d/, `count: ${1 + (turn % 2)}`],
        'config/environments/staging.yaml': [/flowLogsDays: \d+/, `flowLogsDays: ${turn % 2 === 0 ? 14 : 30}`],
        'config/clouds/paris.yaml': [/overcommit: \{ vcpus: \d/, `overcommit: { vcpus: ${5 + (turn % 2)}`],
      };
      for (const [file, [from, to]] of Object.entries(edits)) {
        const path = join(root, file);
        writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
      }
      git(root, 'commit', '-qam', `turn ${turn}`);
    },
    async live() {
      const { stacks } = JSON.parse(await ok('plan', ...STACKS, '--live', '--json')) as {
        stacks: { status: string; reason?: string }[];
      };
      return stacks.map(({ status, reason }) => (reason === undefined ? status : `${status}: ${reason}`));
    },
    async orphans() {
      return (JSON.parse(await ok('env', 'show', NAME, '--json')) as { unmanaged: string[] }).unmanaged;
    },
    unfinished: () => journalsIn(root).filter((file) => !file.includes('/ended/')),
    lastJournal: () => entriesIn(journalsIn(root).at(-1) ?? ''),
    retire() {
      git(root, 'rm', '-q', `config/dev/${NAME}.yaml`);
      git(root, 'commit', '-qm', 'retire the lease');
    },
    async projects() {
      const found = await client.list('identity', `/projects?name=${artefactName(LEASE)}`, 'projects', named);
      return found.map(({ name }) => name);
    },
    resources: () => [...endpoint.state.realm(ACCOUNT, REGION).resources.values()].map(({ type }) => type).sort(),
    async close() {
      await run(['env', 'destroy', NAME, '--yes']);
      await endpoint.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const named = z.object({ name: z.string() });

/** The shipped configuration with a small lease, and what each engine needs beside it. */
function prepareFolder(root: string, secrets: string): void {
  cpSync(join(project, 'config'), join(root, 'config'), { recursive: true });
  rmSync(join(root, 'config/dev'), { recursive: true, force: true });
  mkdirSync(join(root, 'config/dev'));
  symlinkSync(join(project, 'packages'), join(root, 'packages'));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const edit = (file: string, change: (text: string) => string): void =>
    writeFileSync(join(root, file), change(readFileSync(join(root, file), 'utf8')));
  const day = (at: number): string => new Date(Date.now() + at * 86_400_000).toISOString().slice(0, 10);
  write(
    `config/dev/${NAME}.yaml`,
    `blueprint: bare\nowner: ops@acme.example.org\nsince: ${day(0)}\nuntil: ${day(3)}\n`,
  );
  write(
    'config/blueprints/bare.yaml',
    'description: The least\ntiers:\n  one: { image: debian-12, flavor: small, count: 1 }\n',
  );
  edit('config/tandem.yaml', (text) => text.replace(/^defaultCloud: .*$/m, 'defaultCloud: lab'));
  edit('config/environments/staging.yaml', (text) => text.replace(/^ {4}cidr: .*$/m, '$&\n    flowLogsDays: 14'));
  edit('config/clouds/paris.yaml', (text) => text.replace(/^ {2}secrets: .*$/m, `  secrets: ${secrets}`));
  write('secrets/passwords.yml', 'database_password: chaos\n');
  const paris = loadProject(directoryFiles(root)).project?.clouds.get('paris');
  if (paris === undefined) throw new Error('no cloud paris');
  writeSecrets(secrets, secretFilesOf('paris', paris.value));
  const approver = makeKey(secrets, 'approver');
  write(
    'config/approvers.yaml',
    `people:\n  anna: { email: anna@acme.example.org, keys: ["${approver.line}"] }\ncount: 1\nvalidHours: 24\n`,
  );
  write('.gitignore', '.tandem/\nsecrets/\nbootstrap/\nkolla-calls\npackages\nkolla.out/\nbundle.json\n');
  write('kolla-calls', '');
  git(root, 'init', '-q', '-b', 'main');
  git(root, 'config', 'user.name', 'Operator');
  git(root, 'config', 'user.email', 'ops@example.org');
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'begin');
}

function git(root: string, ...args: string[]): void {
  execFileSync('git', args, { cwd: root, stdio: 'ignore' });
}

/** Files of the journal, oldest first: their names begin with the time. */
function journalsIn(root: string): string[] {
  const folders = [join(root, '.tandem/journal'), join(root, '.tandem/journal/ended')].filter((each) =>
    existsSync(each),
  );
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  return files.filter((file) => file.endsWith('.jsonl')).sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

function entriesIn(file: string): { readonly entry: string }[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as { readonly entry: string });
  } catch (error) {
    // It has just ended, and is elsewhere.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
