import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { labNotRunning } from '../errors.ts';
import { ADAPTATIONS, ADAPTATIONS_VERSION } from './adaptations.ts';
import { clientHosts } from './client-settings.ts';
import { firstFault, galera, isStarting, ovnRole } from './health.ts';
import { HostServices } from './host-services.ts';
import { CLIENT, FLAVOR, HOSTS, hostNamed, IMAGE, VIP } from './hosts.ts';
import { DEFAULT_HA_DIRECTORY, haLayout } from './layout.ts';
import { currentMembers, type HaMembers, hostsOf } from './members.ts';
import { findCluster, type NetnsCluster } from './netns-cluster.ts';
import { type HaSecrets, openSecrets } from './secrets.ts';
import type { ServiceName } from './services.ts';

/** Longer than any broker takes to start in the lab. */
const BROKER_PATIENCE_SECONDS = 60;

interface Attempt {
  readonly accepted: boolean;
  readonly detail: string;
}

/** A request of the client's; see python/client.py. */
interface ClientRecord {
  readonly probe: string;
  readonly start: number;
  readonly end: number;
  readonly ok: boolean;
  readonly detail: string;
}

type Summary = Readonly<
  Record<string, { acknowledged: number; readBack: number; lost: number; missing?: readonly number[] }>
>;

/** The running lab as a target of drills. @throws TandemError `lab-not-running` */
export async function openDrillTarget(options: { readonly directory?: string } = {}): Promise<NetnsDrillTarget> {
  const layout = haLayout(resolve(options.directory ?? DEFAULT_HA_DIRECTORY));
  const cluster = findCluster(layout);
  if (cluster === undefined || !existsSync(layout.lab)) throw labNotRunning({ directory: layout.directory });
  return new NetnsDrillTarget(cluster, await openSecrets(layout));
}

export class NetnsDrillTarget {
  readonly adaptations = {
    version: ADAPTATIONS_VERSION,
    entries: [
      ...ADAPTATIONS.map(({ id, file, reason, notEvidence }) => ({ id, file, reason, notEvidence })),
      {
        id: 'rabbitmq-global-sync',
        file: 'lab/ha/netns-drill-target.ts',
        reason: `a broker of RabbitMQ 3.10 that was cut off may hang in Erlang’s global:sync when it is back; after ${BROKER_PATIENCE_SECONDS} s it is killed`,
        notEvidence: 'a broker’s own return after a partition',
      },
      {
        id: 'galera-healthcheck',
        file: 'lab/ha/scripts/prepare.sh',
        reason:
          'questions to the database log in as root through its socket, where Kolla has an account for its health checks',
      },
    ],
  };
  readonly #cluster: NetnsCluster;
  readonly #secrets: HaSecrets;
  #faultySince: number | undefined;

  constructor(cluster: NetnsCluster, secrets: HaSecrets) {
    this.#cluster = cluster;
    this.#secrets = secrets;
  }

  /** Those that carry services now. */
  get hosts(): readonly { readonly name: string; readonly rack: string }[] {
    return hostsOf(this.#members).map(({ name, rack }) => ({ name, rack }));
  }

  get #members(): HaMembers {
    return currentMembers(this.#cluster.layout);
  }

  now(): number {
    return Date.now() / 1000;
  }

  async sleep(seconds: number): Promise<void> {
    await sleep(seconds * 1000);
  }

  async holder(): Promise<string | undefined> {
    const names = HOSTS.filter(({ name }) => this.#cluster.find(name) !== undefined).map(({ name }) => name);
    const script = `for h in ${names.join(' ')}; do ip -n $h -o -4 address show dev eth0 2>/dev/null | grep -q ' ${VIP}/' && echo $h; done; true`;
    const text = await this.#cluster.inSwitch(['sh', '-c', script]);
    // The interfaces of a host that is off still exist, with the address that it had.
    const holders = text.split('\n').filter((name) => name !== '' && this.#cluster.find(name) !== undefined);
    return holders.length === 1 ? holders[0] : undefined;
  }

  async writer(): Promise<string | undefined> {
    const holder = await this.holder();
    if (holder === undefined) return undefined;
    const sql = 'SELECT host FROM drill.written ORDER BY id DESC LIMIT 1';
    const text = await this.#cluster.read(holder, ['timeout', '10', 'mariadb', '-N', '-e', sql]).catch(() => '');
    return text.trim() === '' ? undefined : text.trim();
  }

  async ovnLeader(): Promise<string | undefined> {
    const on = this.#members['ovn-database'].filter((name) => this.#cluster.find(name) !== undefined);
    const roles = await Promise.all(on.map(async (name) => [name, await ovnRole(this.#cluster, name)] as const));
    return roles.find(([, role]) => role === 'leader')?.[0];
  }

  async makeWriter(host: string): Promise<void> {
    const holder = await this.holder();
    if (holder === undefined) return;
    const others = this.#members.mariadb.filter((name) => name !== host);
    const tell = async (commands: readonly string[]): Promise<void> => {
      const script = commands.map((command) => `echo "${command}" | socat - /run/haproxy/haproxy.sock`).join('; ');
      await this.#cluster.read(holder, ['sh', '-c', script]);
    };
    // HAProxy keeps every client on the member that it chose first: the choice is cleared while there is no other member.
    await tell([...others.map((name) => `disable server mariadb/${name}`), 'clear table mariadb']);
    await sleep(2000);
    await tell(others.map((name) => `enable server mariadb/${name}`));
  }

  async off(hosts: readonly string[]): Promise<void> {
    await Promise.all(hosts.map(async (host) => await this.#cluster.powerOff(host)));
  }

  async on(hosts: readonly string[]): Promise<void> {
    await Promise.all(hosts.map(async (host) => await this.#cluster.powerOn(hostNamed(host))));
  }

  /** Galera's `gvwstate.dat`, from a host that is off. */
  async loseView(host: string): Promise<void> {
    await rm(this.#cluster.disk(host, '/var/lib/mysql/gvwstate.dat'), { force: true });
  }

  async cut(host: string): Promise<void> {
    await this.#cluster.cut(host);
  }

  async heal(host: string): Promise<void> {
    await this.#cluster.heal(host);
  }

  /** Stops every process of a host for a while, as on a machine that gets no CPU time. */
  async stall(host: string, seconds: number): Promise<void> {
    await this.#cluster.stall(host, seconds);
  }

  /** What a failover changes: the holder of the VIP, the writer, and the number of changes of Galera's members. */
  async marks(): Promise<Readonly<Record<string, string | undefined>>> {
    const status = "SHOW STATUS LIKE 'wsrep_cluster_conf_id'";
    const [first] = this.#members.mariadb;
    const view = await this.#cluster
      .read(first ?? '', ['timeout', '10', 'mariadb', '-N', '-e', status])
      .catch(() => '');
    return { vip: await this.holder(), writer: await this.writer(), members: view.trim() };
  }

  async restore(): Promise<void> {
    for (const node of [CLIENT, ...hostsOf(this.#members)]) {
      if (this.#cluster.find(node.name) === undefined) await this.#cluster.powerOn(node);
      else await this.#cluster.heal(node.name);
    }
  }

  async kill(host: string, service: string): Promise<void> {
    await new HostServices(this.#cluster, host).kill(service as ServiceName);
  }

  async startClient(run: string): Promise<NetnsDrillClient> {
    const settings = {
      run,
      vip: VIP,
      ...clientHosts(this.#members),
      probes: ['sql', 'token', 'server', 'network', 'ovn', 'queue', 'stream'],
      adminPassword: this.#secrets.get('keystone_admin_password'),
      drillPassword: this.#secrets.get('drill_database_password'),
      queuePassword: this.#secrets.get('rabbitmq_password'),
      image: IMAGE,
      flavor: FLAVOR,
    };
    await this.#write(CLIENT.name, '/tmp/client.json', settings);
    return new NetnsDrillClient(this.#cluster, run);
  }

  async tryMinority(host: string, run: string): Promise<Readonly<Record<string, Attempt>>> {
    const { address, number } = hostNamed(host);
    const settings = {
      ...{ run, address, number, queue: `drill-${host}-${run}` },
      adminPassword: this.#secrets.get('keystone_admin_password'),
      queuePassword: this.#secrets.get('rabbitmq_password'),
    };
    await this.#write(host, '/tmp/minority.json', settings);
    const argv = ['python3', '/usr/lib/tandem/minority.py', '/tmp/minority.json'];
    return JSON.parse(await this.#cluster.read(host, argv)) as Record<string, Attempt>;
  }

  async minorityRows(run: string): Promise<number> {
    const sql = `SELECT COUNT(*) FROM drill.written WHERE run = 'minority-${run}' OR host = 'minority'`;
    const counts = await Promise.all(
      this.#members.mariadb.map(async (name) => Number(await this.#cluster.read(name, ['mariadb', '-N', '-e', sql]))),
    );
    return Math.max(...counts);
  }

  async synced(host: string): Promise<boolean> {
    return (await galera(this.#cluster, host, 1).catch(() => 'no answer')) === undefined;
  }

  async fault(): Promise<string | undefined> {
    const fault = await firstFault(this.#cluster, this.#members).catch((error: unknown) => (error as Error).message);
    if (fault === undefined) this.#faultySince = undefined;
    else await this.#killHangingBrokers((this.#faultySince ??= this.now()));
    return fault;
  }

  /** Adaptation `rabbitmq-global-sync`. */
  async #killHangingBrokers(since: number): Promise<void> {
    if (this.now() - since < BROKER_PATIENCE_SECONDS) return;
    this.#faultySince = undefined;
    for (const name of this.#members.rabbitmq)
      if (await isStarting(this.#cluster, name)) await this.kill(name, 'rabbitmq');
  }

  async #write(host: string, path: string, value: unknown): Promise<void> {
    await mkdir(dirname(this.#cluster.path(host, path)), { recursive: true });
    await writeFile(this.#cluster.path(host, path), JSON.stringify(value), { mode: 0o600 });
  }
}

class NetnsDrillClient {
  readonly #file: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(cluster: NetnsCluster, run: string) {
    this.#file = `${cluster.layout.log}/client-${run}.jsonl`;
    const argv = ['python3', '/usr/lib/tandem/client.py', '/tmp/client.json', `/var/log/lab/client-${run}.jsonl`];
    const [program = '', ...args] = cluster.argv(CLIENT.name, argv);
    // It sends requests until its input ends, which it also does when this process is killed.
    this.#child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'], cwd: '/' });
    this.#child.stdin?.on('error', () => undefined);
    let said = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
    this.#ended = new Promise((fulfil, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code) => {
        if (code === 0) fulfil();
        else
          reject(
            new Error(
              `the drill’s client ended with ${code === null ? 'a signal' : `exit code ${code}`}: ${said.trim().split('\n').at(-1) ?? ''}`,
            ),
          );
      });
    });
    this.#ended.catch(() => undefined);
  }

  async records(): Promise<readonly ClientRecord[]> {
    if (this.#child.exitCode !== null && this.#child.exitCode !== 0) await this.#ended;
    return (await this.#lines()).filter((line): line is ClientRecord => 'probe' in line);
  }

  async stop(): Promise<Summary> {
    this.#child.stdin?.end();
    await this.#ended;
    const last = (await this.#lines()).find((line): line is { summary: Summary } => 'summary' in line);
    if (last === undefined) throw new Error('the drill’s client wrote no summary');
    return last.summary;
  }

  async #lines(): Promise<readonly (ClientRecord | { summary: Summary })[]> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    // The last line may be half written.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ClientRecord | { summary: Summary });
  }
}
