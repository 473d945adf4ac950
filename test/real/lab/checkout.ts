import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../../lab/openstack/index.ts';
import { labCommand } from '../../../lab/openstack/index.ts';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { readCloudAccess } from '../../../lib/openstack-api/clouds-yaml.ts';
import { OpenStackCloud } from '../../../lib/openstack-api/openstack-cloud.ts';

const project = join(import.meta.dirname, '../../..');

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly log: string;
}

/** An operator's checkout of the configuration, with the lab as its cloud and no lease. */
export interface Checkout {
  readonly root: string;
  readonly cloud: OpenStackCloud;
  readonly client: OpenStackClient;
  /** Runs `tandem` there, as the operator would. */
  tandem(...args: string[]): Promise<Run>;
  /** The same, giving what it prints with `--json`. @throws Error with its log where it fails */
  json(...args: string[]): Promise<Record<string, unknown>>;
  /** Starts it, and kills it and its engines so many seconds after its progress matches. Gives what it told. */
  killedAt(progress: RegExp, seconds: number, ...args: string[]): Promise<string>;
  git(...args: string[]): string;
  remove(): void;
}

/**
 * @param files more files of it, by path
 * @param variables of other clouds
 */
export async function openCheckout(
  lab: Lab,
  files: Readonly<Record<string, string>> = {},
  variables: Readonly<Record<string, string>> = {},
): Promise<Checkout> {
  const root = mkdtempSync(join(tmpdir(), 'tandem-operator-'));
  cpSync(join(project, 'config'), join(root, 'config'), { recursive: true });
  rmSync(join(root, 'config/dev'), { recursive: true, force: true });
  writeFileSync(join(root, '.gitignore'), '.tandem/\n');
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  edit(join(root, 'config/tandem.yaml'), (text) => text.replace(/^defaultCloud: .*$/m, 'defaultCloud: lab'));
  const environment = { ...process.env, ...lab.environment, ...variables, NO_COLOR: '1' };
  const access = readCloudAccess(lab.cloudName, environment, root);
  const client = OpenStackClient.open(access, { cloud: 'lab' });
  const cloud = new OpenStackCloud(client, { name: 'lab', entry: lab.cloudName });
  const checkout = toCheckout(root, environment, cloud, client);
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['config', 'user.name', 'Operator'],
    ['config', 'user.email', 'ops@example.org'],
  ])
    checkout.git(...args);
  checkout.git('add', '-A');
  checkout.git('commit', '-q', '-m', 'begin');
  await recordBase(root, cloud);
  return checkout;
}

function toCheckout(root: string, env: NodeJS.ProcessEnv, cloud: OpenStackCloud, client: OpenStackClient): Checkout {
  const argv = (args: readonly string[]) => [
    '--disable-warning=ExperimentalWarning',
    join(project, 'lib/cli/main.ts'),
    ...args,
  ];
  const tandem = (...args: string[]): Promise<Run> =>
    new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        argv(args),
        { cwd: root, env, maxBuffer: 64 * 1024 * 1024 },
        (error, out, log) => {
          resolve({ code: error === null ? 0 : (child.exitCode ?? -1), out, log });
        },
      );
    });
  return {
    root,
    cloud,
    client,
    tandem,
    async json(...args) {
      const { code, out, log } = await tandem(...args, '--json');
      if (code !== 0) throw new Error(`tandem ${args.join(' ')} ended with ${code}: ${log.slice(-3000)}`);
      return JSON.parse(out) as Record<string, unknown>;
    },
    async killedAt(progress, seconds, ...args) {
      const child = spawn(process.execPath, argv(args), { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
      let log = '';
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (log += chunk));
      const over = once(child, 'exit');
      while (child.exitCode === null && !progress.test(log)) await sleep(50);
      await sleep(seconds * 1000);
      child.kill('SIGKILL');
      await over;
      endEnginesOf(child.pid ?? 0);
      return log;
    },
    git: (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim(),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Ends what a killed process started to change clouds with. */
function endEnginesOf(pid: number): void {
  for (const id of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
      if (command.includes(`tandem-plan-${pid}-`)) process.kill(Number(id), 'SIGKILL');
    } catch {
      // It is over already.
    }
  }
}

/** Where another checkout set the lab up, its base is there without this one's record of it. */
export async function recordBase(root: string, cloud: OpenStackCloud): Promise<void> {
  const room = await cloud.snapshot({ externalNetwork: 'public', subnetPool: 'dev', projectId: undefined });
  if (room.externalAddresses === undefined) return;
  const file = baseRecord(root);
  mkdirSync(join(file, '..'), { recursive: true });
  const record = {
    ...{
      format: 'tandem.record/1',
      stack: 'openstack/lab/base',
      engine: 'terraform',
      digest: 'sha256:0',
      artefact: '{}',
    },
    ...{ commit: '', files: ['config/clouds/lab.yaml'], at: new Date().toISOString(), by: 'another checkout' },
  };
  writeFileSync(file, JSON.stringify(record));
}

/** On a lab that was begun anew, whoever needs its base first makes it: no file of tests relies on another. */
export async function ensureBase(checkout: Checkout): Promise<void> {
  if (existsSync(baseRecord(checkout.root))) return;
  // With `--json`, a deploy prints an event a line.
  const { code, log } = await checkout.tandem('deploy', 'openstack/lab/base', '--yes');
  if (code !== 0) throw new Error(`the base cannot be made: ${log.slice(-3000)}`);
}

function baseRecord(root: string): string {
  return join(root, '.tandem/record/openstack/lab/base.json');
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(existsSync(file) ? readFileSync(file, 'utf8') : ''));
}

export interface TracedPort {
  readonly id: string;
  readonly network_id: string;
  readonly mac_address: string;
  readonly address: string;
}

/** Whether OVN's logical flows carry a first packet from one port to the other. */
export async function reaches(
  lab: Lab,
  from: TracedPort,
  to: TracedPort & { name: string },
  tcpPort: number,
  via?: string,
): Promise<boolean> {
  const flow = [
    `inport == "${from.id}"`,
    `eth.src == ${from.mac_address} && eth.dst == ${via ?? to.mac_address}`,
    `ip4.src == ${from.address} && ip4.dst == ${to.address}`,
    `ip.ttl == 64 && tcp && tcp.dst == ${tcpPort}`,
  ].join(' && ');
  const argv = [
    'ovn-trace',
    '--db=unix:/run/ovn/ovnsb_db.sock',
    '--minimal',
    // One for each step that tracks connections: a network with a load balancer has more of them, and they default to `established`.
    ...['--ct=new', '--ct=new', '--ct=new'],
    `neutron-${from.network_id}`,
    flow,
  ];
  const [program = '', ...args] = await labCommand(lab.directory, { user: 'root', argv });
  const trace = execFileSync(program, args, { encoding: 'utf8' });
  return trace.includes(`output("${to.name}")`) || trace.includes(`output("${to.id}")`);
}
