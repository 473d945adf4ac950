import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { writeCatalogue } from './catalogue.ts';
import { Cloud } from './cloud.ts';
import { renderClouds } from './clouds.ts';
import { writeConfiguration } from './configuration.ts';
import { makeDatabases } from './databases.ts';
import { AUTH_URL, LAB_PORTS, LAB_REGION } from './endpoints.ts';
import { HEALTH_CHECKS } from './health.ts';
import type { LabLayout } from './layout.ts';
import { installPackages, packagesInstalled } from './packages.ts';
import type { Phase } from './phases.ts';
import { buildProvider, findEngine, writeCliConfig } from './provider.ts';
import { type LabSecrets, newSecrets } from './render.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import {
  DESIGNATE_WORKER,
  EARLY_SERVICES,
  hypervisorProcess,
  KEYSTONE,
  type LabProcess,
  SERVICES,
  STORES,
} from './services.ts';
import { Supervisor } from './supervisor.ts';
import type { LabEngine, LabHypervisor } from './types.ts';

/** What phases hand to later phases. */
export class BringUp {
  readonly layout: LabLayout;
  readonly hypervisors: readonly LabHypervisor[];
  readonly secrets: LabSecrets = newSecrets();
  readonly cloud: Cloud = new Cloud(this.secrets.admin);
  #sandbox: Sandbox | undefined;
  #supervisor: Supervisor | undefined;
  #engine: LabEngine | undefined;

  constructor(layout: LabLayout, hypervisors: readonly LabHypervisor[]) {
    this.layout = layout;
    this.hypervisors = hypervisors;
  }

  get engine(): LabEngine {
    return present(this.#engine, 'engine');
  }

  get supervisor(): Supervisor {
    return present(this.#supervisor, 'supervisor');
  }

  get #inside(): Sandbox {
    return present(this.#sandbox, 'sandbox');
  }

  phases(): readonly Phase[] {
    const checks = Object.keys(HEALTH_CHECKS);
    return [
      { name: 'packages', after: [], run: async (signal) => await this.#packages(signal) },
      { name: 'provider', after: [], run: async (signal) => await buildProvider(this.layout, signal) },
      { name: 'engine', after: ['provider'], run: async (signal) => await this.#findEngine(signal) },
      { name: 'sandbox', after: ['packages'], run: async () => await this.#startSandbox() },
      { name: 'stores', after: ['sandbox'], run: async (signal) => await this.#startStores(signal) },
      {
        name: 'queue',
        after: ['stores'],
        run: async (signal) => await this.#port('rabbitmq', LAB_PORTS.rabbitmq, signal),
      },
      { name: 'ovn', after: ['stores'], run: async (signal) => await this.#ovn(signal) },
      {
        name: 'schemas',
        after: ['stores'],
        run: async (signal) => await makeDatabases(this.#inside, this.layout, this.secrets, signal),
      },
      { name: 'identity', after: ['schemas'], run: async (signal) => await this.#identity(signal) },
      { name: 'early-services', after: ['schemas', 'queue', 'ovn'], run: async () => this.#start(EARLY_SERVICES) },
      { name: 'services', after: ['identity', 'early-services'], run: async () => this.#services() },
      { name: 'dns-pool', after: ['services'], run: async (signal) => await this.#dnsPool(signal) },
      ...checks.map(
        (name): Phase => ({
          name,
          after: name === 'designate' ? ['dns-pool'] : ['services'],
          run: async (signal) => await this.#check(name, signal),
        }),
      ),
    ];
  }

  async #packages(signal: AbortSignal): Promise<string> {
    if (await packagesInstalled(this.layout)) return 'packages already unpacked';
    await installPackages(this.layout, signal);
    return 'packages installed';
  }

  async #findEngine(signal: AbortSignal): Promise<string> {
    await writeCliConfig(this.layout);
    this.#engine = await findEngine(this.layout, signal);
    return this.#engine.name;
  }

  async #startSandbox(): Promise<string> {
    const sandbox = await startSandbox(this.layout);
    this.#sandbox = sandbox;
    this.#supervisor = new Supervisor(sandbox);
    await writeConfiguration(sandbox, this.secrets, this.hypervisors);
    await mkdir(dirname(this.layout.image), { recursive: true });
    await writeFile(this.layout.image, Buffer.alloc(2 ** 20));
    await writeFile(this.layout.clouds, renderClouds(this.secrets.admin), { mode: 0o600 });
    return 'namespaces and settings created';
  }

  async #startStores(signal: AbortSignal): Promise<string> {
    for (const process of STORES) this.supervisor.start(process);
    await this.supervisor.waitFor(
      'mariadb',
      async () => {
        await this.#inside.read({ user: 'root', argv: ['mariadb', '-e', 'SELECT 1'] });
        return '';
      },
      { seconds: 60, signal },
    );
    await this.#port('memcached', LAB_PORTS.memcached, signal);
    return 'database and cache answer';
  }

  async #ovn(signal: AbortSignal): Promise<string> {
    await this.#port('ovn-nb', LAB_PORTS['ovn-nb'], signal);
    await this.#port('ovn-sb', LAB_PORTS['ovn-sb'], signal);
    // The machine's two cores start a chassis in 0.1 s each; side by side they would only wait for each other.
    for (const [index, { name }] of this.hypervisors.entries()) {
      const log = `chassis-${name}`;
      const inside = { user: 'root', argv: ['/bin/sh', '/etc/lab/chassis.sh', name, String(index + 1)] };
      await this.#inside.run(log, inside, { signal });
    }
    return `${this.hypervisors.length} chassis`;
  }

  async #identity(signal: AbortSignal): Promise<string> {
    this.supervisor.start(KEYSTONE);
    const face = (name: string): readonly string[] => [`--bootstrap-${name}-url`, `${AUTH_URL}/`];
    await this.#inside.run(
      'keystone-bootstrap',
      {
        user: 'keystone',
        argv: [
          'keystone-manage',
          'bootstrap',
          ...['admin', 'internal', 'public'].flatMap(face),
          '--bootstrap-region-id',
          LAB_REGION,
        ],
        env: { OS_BOOTSTRAP_PASSWORD: this.secrets.admin },
      },
      { signal },
    );
    await this.supervisor.waitFor('keystone', async () => await this.cloud.projectId(), { seconds: 180, signal });
    await writeCatalogue(this.cloud, this.secrets.service).catch((error: unknown) => {
      throw this.supervisor.failed('keystone', `refused its catalogue: ${(error as Error).message}`, error);
    });
    return 'users and catalogue created';
  }

  async #services(): Promise<string> {
    return await this.#start([...SERVICES, hypervisorProcess(this.hypervisors)]);
  }

  async #start(processes: readonly LabProcess[]): Promise<string> {
    for (const process of processes) this.supervisor.start(process);
    return await Promise.resolve(`${processes.length} started`);
  }

  async #dnsPool(signal: AbortSignal): Promise<string> {
    const update = {
      user: 'designate',
      argv: ['designate-manage', 'pool', 'update', '--file', '/etc/designate/pools.yaml'],
    };
    await this.supervisor.waitFor(
      'designate',
      async () => {
        // Lost for the same reason as in the check of Cinder.
        const patience = AbortSignal.timeout(40_000);
        await this.#inside.run('designate-pool', update, { signal: AbortSignal.any([signal, patience]) });
        return 'pool written';
      },
      { seconds: 240, signal, log: 'designate-pool' },
    );
    this.supervisor.start(DESIGNATE_WORKER);
    return 'pool written';
  }

  async #check(name: string, signal: AbortSignal): Promise<string> {
    const check = HEALTH_CHECKS[name];
    if (check === undefined) throw new Error(`no health check for ${name}`);
    const context = { cloud: this.cloud, sandbox: this.#inside, hypervisors: this.hypervisors };
    return await this.supervisor.waitFor(name, async () => await check(context), { seconds: 300, signal });
  }

  async #port(name: string, port: number, signal: AbortSignal): Promise<string> {
    return await this.supervisor.waitFor(name, async () => await opens(port), { seconds: 90, signal, log: name });
  }
}

async function opens(port: number): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(`port ${port}`);
    });
    socket.once('error', reject);
  });
}

function present<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the lab's ${name} is used before it was created`);
  return value;
}
