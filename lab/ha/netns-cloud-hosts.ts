import { HostServices } from './host-services.ts';
import type { NetnsCluster } from './netns-cluster.ts';
import { CONTAINERS } from './roles.ts';

/** A command of a plan's, on one host. */
interface Command {
  readonly host: string;
  readonly container?: string;
  readonly argv: readonly string[];
  readonly input?: string;
  readonly timeoutSeconds?: number;
}

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What Kolla's containers keep where, and where it is here: in volumes there, on the hosts' own disks here. */
const PLACES: readonly (readonly [there: RegExp, here: string])[] = [
  [/^\/var\/lib\/(?:docker|containers\/storage)\/volumes\/mariadb\/_data\//, '/var/lib/mysql/'],
  [/^\/var\/lib\/(?:docker|containers\/storage)\/volumes\/mariadb_backup\/_data/, '/backup'],
  [
    /^\/var\/lib\/(?:docker|containers\/storage)\/volumes\/ovn_(?:nb|sb)_db\/_data\/ovn(nb|sb)\.db$/,
    '/var/lib/ovn/$1.db',
  ],
];

/** What a volume of Kolla's holds. */
const VOLUMES: Readonly<Record<string, readonly string[]>> = {
  mariadb: ['/var/lib/mysql'],
  rabbitmq: ['/var/lib/rabbitmq/mnesia'],
  ovn_nb_db: ['/var/lib/ovn/nb.db'],
  ovn_sb_db: ['/var/lib/ovn/sb.db'],
};

const DONE: Result = { code: 0, stdout: '', stderr: '' };

/** Name of every image: a host has the programs of all of them. */
const IMAGE = 'lab';

/** Where a path of Kolla's is on a host of the lab. */
export function placeHere(path: string): string {
  return PLACES.reduce((text, [from, to]) => text.replace(from, to), path);
}

/**
 * Commands of plans on the lab's hosts. A container is the lab's service of the same name: the same program with the same arguments,
 * as the user that the container has. Units are those of `init.py`.
 */
export class NetnsCloudHosts {
  readonly #cluster: NetnsCluster;
  readonly #unreachable: (host: string) => Error;

  constructor(cluster: NetnsCluster, unreachable: (host: string) => Error) {
    this.#cluster = cluster;
    this.#unreachable = unreachable;
  }

  async run({ host, container, argv, input = '', timeoutSeconds = 60 }: Command, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted();
    if (this.#cluster.find(host) === undefined) throw this.#unreachable(host);
    const [program, ...rest] = argv;
    if (container === undefined && program === 'systemctl') return await this.#systemctl(host, rest);
    if (container === undefined && (program === 'docker' || program === 'podman'))
      return await this.#engine(host, rest, timeoutSeconds);
    const log = `/var/log/lab/${host}-mariadb.log`;
    const here = argv.map((word) => placeHere(word.replace(/^\S*\/mariadb\/mariadb\.log$/, log)));
    const known = container === undefined ? undefined : CONTAINERS[container];
    if (argv.includes('/usr/local/bin/kolla_set_configs')) return await this.#setConfigs(host);
    // Of services that the lab does not have, nothing is to be asked or done.
    if (container !== undefined && known === undefined) return DONE;
    if (known !== undefined && !new HostServices(this.#cluster, host).isRunning(known.service))
      return { code: 1, stdout: '', stderr: `container ${container ?? ''} is not running` };
    const user = known?.user ?? 'root';
    return await this.#cluster.attempt(host, here, { user, input, seconds: timeoutSeconds });
  }

  /** `systemctl [--now] [--no-block] start|stop|restart|enable|disable|is-active|list-unit-files kolla-NAME-container.service…` */
  async #systemctl(host: string, words: readonly string[]): Promise<Result> {
    const [verb = '', ...units] = words.filter((word) => !word.startsWith('--'));
    const isNow = words.includes('--now');
    const there = new HostServices(this.#cluster, host);
    const installed = new Set((await there.installed()).map(({ name }) => name));
    if (verb === 'list-unit-files') {
      const own = Object.entries(CONTAINERS).filter(([, { service }]) => installed.has(service));
      return { ...DONE, stdout: own.map(([name]) => `kolla-${name}-container.service enabled enabled\n`).join('') };
    }
    for (const unit of units) {
      const name = /^kolla-(.+)-container(?:\.service)?$/.exec(unit)?.[1];
      const service = name === undefined ? undefined : CONTAINERS[name]?.service;
      // Kolla runs more than the lab has: of what is not there, nothing is to be done.
      if (service === undefined || !installed.has(service)) continue;
      if (verb === 'is-active') return { code: there.isRunning(service) ? 0 : 3, stdout: '', stderr: '' };
      if (verb === 'enable' || verb === 'disable') await there.enable(service, verb === 'enable');
      if (verb === 'stop' && words.includes('--no-block')) void there.stop(service).catch(() => undefined);
      else if (verb === 'stop' || (verb === 'disable' && isNow)) await there.stop(service);
      if (verb === 'start' || (verb === 'enable' && isNow)) await there.start(service);
      if (verb === 'restart') await there.restart(service);
    }
    return DONE;
  }

  /** As Kolla copies files into a container: of those that it may have, the lab's programs read certificates of HAProxy from there. */
  async #setConfigs(host: string): Promise<Result> {
    const script = 'for f in /etc/kolla/haproxy/*.pem; do install -D -m 600 -t /etc/haproxy/certificates "$f"; done';
    return await this.#cluster.attempt(host, ['sh', '-ec', script]);
  }

  /**
   * `docker stop|rm|volume rm [--force] NAME…`, `docker kill --signal SIGNAL NAME`, `docker inspect …`, and `docker run … lab PROGRAM…`: a program on the
   * host itself.
   */
  async #engine(host: string, words: readonly string[], seconds: number): Promise<Result> {
    const [verb = '', ...names] = words.filter((word) => !word.startsWith('-'));
    const there = new HostServices(this.#cluster, host);
    if (verb === 'inspect') return { ...DONE, stdout: `${IMAGE}\n` };
    if (verb === 'run') return await this.#cluster.attempt(host, words.slice(words.indexOf(IMAGE) + 1), { seconds });
    const installed = new Set((await there.installed()).map(({ name }) => name));
    for (const name of names) {
      const service = CONTAINERS[name]?.service;
      if (verb === 'volume') await this.#cluster.read(host, ['rm', '-rf', ...(VOLUMES[name] ?? ['/nonexistent'])]);
      else if (service === undefined || !installed.has(service)) continue;
      else if (verb === 'stop') await there.stop(service, Number(/ -t (\d+)/.exec(words.join(' '))?.[1] ?? 60));
      else if (verb === 'kill') await there.signal(service, words[words.indexOf('--signal') + 1] ?? 'KILL');
      else if (verb === 'rm') await there.uninstall(service);
      else return { code: 125, stdout: '', stderr: `the lab knows no ${verb}` };
    }
    return DONE;
  }
}
