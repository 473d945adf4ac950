import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeServices } from './configure.ts';
import type { NetnsCluster } from './netns-cluster.ts';
import type { HostService, ServiceName } from './services.ts';

/** How long a container engine waits for a container that it asked to stop. */
const STOP_SECONDS = 60;

/** The services of one host, as its systemd units: what runs, and what is started when the host is switched on. */
export class HostServices {
  readonly #cluster: NetnsCluster;
  readonly host: string;

  constructor(cluster: NetnsCluster, host: string) {
    this.#cluster = cluster;
    this.host = host;
  }

  /** Those that are installed, running or not. */
  async installed(): Promise<readonly HostService[]> {
    return (await this.#description()).services;
  }

  isRunning(name: ServiceName): boolean {
    return existsSync(this.#run('pid', name));
  }

  /**
   * Asks all of its processes to end, and kills those that do not, as a container ends with all that runs in it: a broker's first process
   * is a script that waits for it. A host that is switched on again starts it again.
   */
  async stop(name: ServiceName, seconds = STOP_SECONDS): Promise<void> {
    await writeFile(this.#run('stopped', name), '');
    const wait = `for i in $(seq ${seconds * 5}); do kill -0 -$p 2>/dev/null || exit 0; sleep 0.2; done`;
    await this.#toGroup(name, `kill -TERM -$p; ${wait}; kill -9 -$p`);
    // Until init.py has seen its end.
    for (let tries = 0; this.isRunning(name) && tries < 100; tries += 1) await sleep(100);
    if (this.isRunning(name)) throw new Error(`${name} on ${this.host} does not end`);
  }

  async kill(name: ServiceName): Promise<void> {
    await this.#toGroup(name, 'kill -9 -$p');
  }

  /** To its first process alone, as a container engine does. */
  async signal(name: ServiceName, signal: string): Promise<void> {
    await this.#toGroup(name, `kill -${signal} $p`);
  }

  async start(name: ServiceName): Promise<void> {
    await rm(this.#run('stopped', name), { force: true });
  }

  async restart(name: ServiceName): Promise<void> {
    await this.stop(name);
    await this.start(name);
  }

  /** Whether it is started when the host is switched on. */
  async enable(name: ServiceName, enabled: boolean): Promise<void> {
    const { services, stopped } = await this.#description();
    const others = stopped.filter((each) => each !== name);
    await writeServices(this.#cluster, this.host, services, enabled ? others : [...others, name]);
  }

  /** Adds services, or gives those that are there another description: in effect from their next start on. */
  async install(services: readonly HostService[]): Promise<void> {
    const { services: now, stopped } = await this.#description();
    const names = services.map(({ name }) => name);
    const kept = now.filter(({ name }) => !names.includes(name));
    await writeServices(
      this.#cluster,
      this.host,
      [...kept, ...services],
      stopped.filter((name) => !names.includes(name as ServiceName)),
    );
  }

  /** Takes a service away for good. */
  async uninstall(name: ServiceName): Promise<void> {
    const { services, stopped } = await this.#description();
    const others = services.filter((each) => each.name !== name);
    await writeServices(this.#cluster, this.host, others, stopped);
    await this.kill(name);
  }

  async #description(): Promise<{ services: readonly HostService[]; stopped: readonly string[] }> {
    const text = await readFile(this.#cluster.file(this.host, '/etc/tandem/host.json'), 'utf8');
    return JSON.parse(text) as { services: readonly HostService[]; stopped: readonly string[] };
  }

  #run(what: 'pid' | 'stopped', name: string): string {
    return this.#cluster.path(this.host, `/run/tandem/${what}/${name}`);
  }

  async #toGroup(name: string, script: string): Promise<void> {
    const read = `p=$(cat /run/tandem/pid/${name} 2>/dev/null) || exit 0; ${script}; true`;
    await this.#cluster.read(this.host, ['sh', '-c', read]);
  }
}
