import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HostServices } from './host-services.ts';
import { CLIENT, FLAVOR, IMAGE, VIP } from './hosts.ts';
import { currentMembers } from './members.ts';
import type { NetnsCluster } from './netns-cluster.ts';
import type { HaSecrets } from './secrets.ts';
import { DATABASES } from './seed.ts';

/** Where the drill of a rotation has TLS: Keystone's own port has none, since every service asks it there. */
const TLS_PORT = 5001;
const TLS_FRONT = [
  'frontend keystone_tls_front',
  '    mode http',
  `    bind ${VIP}:${TLS_PORT} ssl crt /etc/haproxy/certificates/haproxy-internal.pem`,
  '    default_backend keystone_internal_back',
  '',
].join('\n');

interface Lease {
  readonly project: string;
  readonly network: string;
  readonly port: string;
}

interface Known {
  readonly networks: readonly string[];
  readonly routers: readonly string[];
  readonly projects: readonly string[];
  readonly ports: readonly string[];
  readonly servers: readonly { readonly id: string; readonly host: string | undefined }[];
}

interface TlsSeen {
  readonly requests: number;
  readonly failed: number;
  readonly repeated: number;
  readonly faults: readonly string[];
  readonly met: readonly (readonly [string, number])[];
}

/** What drills of a restore and of a rotation do to the lab besides, and ask of it. */
export class NetnsKeep {
  readonly #cluster: NetnsCluster;
  readonly #secrets: HaSecrets;

  constructor(cluster: NetnsCluster, secrets: HaSecrets) {
    this.#cluster = cluster;
    this.#secrets = secrets;
  }

  /** Every schema of the services and of the client, on all members. */
  readonly destroy = async (): Promise<void> => {
    const [first = ''] = currentMembers(this.#cluster.layout).mariadb;
    const sql = [...DATABASES, 'drill'].map((name) => `DROP DATABASE ${name};`).join(' ');
    await this.#cluster.read(first, ['mariadb', '-e', sql]);
  };

  readonly makeLeases = async (names: readonly string[]): Promise<readonly Lease[]> =>
    Object.values((await this.#leases('make', names)) as Record<string, Lease>).map((each) => ({
      project: each.project,
      network: each.network,
      port: each.port,
    }));

  readonly manageLeases = async (names: readonly string[]): Promise<readonly string[]> =>
    Object.entries((await this.#leases('manage', names)) as Record<string, string>).map(
      ([name, fault]) => `lease ${name} could not be managed: ${fault}`,
    );

  readonly known = async (): Promise<Known> => (await this.#leases('known', [])) as Known;

  /** Puts a front with TLS before Keystone, on every balancer, with this certificate and key. */
  async openFront(pem: string): Promise<void> {
    const { loadbalancer } = currentMembers(this.#cluster.layout);
    for (const host of loadbalancer) {
      await this.#write(host, '/etc/haproxy/certificates/haproxy-internal.pem', pem);
      await this.#write(host, '/etc/haproxy/services.d/tls.cfg', TLS_FRONT);
      await new HostServices(this.#cluster, host).signal('haproxy', 'USR2');
    }
  }

  /** Clients of that front, on the client's host, until they are stopped. */
  async startTls(name: string, authority: string): Promise<{ stop(): Promise<TlsSeen> }> {
    await this.#write(CLIENT.name, '/tmp/authority.pem', authority);
    const argv = ['python3', '/usr/lib/tandem/tls_client.py', VIP, String(TLS_PORT), name, '/tmp/authority.pem'];
    const [program = '', ...args] = this.#cluster.argv(CLIENT.name, argv);
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/' });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = new Promise<void>((fulfil, reject) => {
      child.once('error', reject);
      child.once('close', () => fulfil());
    });
    return {
      stop: async () => {
        child.stdin.end();
        await ended;
        return JSON.parse(said.trim().split('\n').at(-1) ?? '') as TlsSeen;
      },
    };
  }

  /** What an address shows: asked from the client's host, at the port that has TLS here. */
  readonly fingerprint = async ({ address, serverName }: { address: string; serverName: string }) => {
    const script = [
      'import hashlib, socket, ssl, sys',
      'context = ssl._create_unverified_context()',
      'with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5) as plain:',
      '  with context.wrap_socket(plain, server_hostname=sys.argv[3]) as safe:',
      '    print(hashlib.sha256(safe.getpeercert(binary_form=True)).hexdigest().upper())',
    ].join('\n');
    const argv = ['python3', '-c', script, address, String(TLS_PORT), serverName];
    const { code, stdout } = await this.#cluster.attempt(CLIENT.name, argv);
    return code === 0 ? stdout.trim().replaceAll(/(..)(?=.)/g, '$1:') : undefined;
  };

  async #leases(verb: 'make' | 'manage' | 'known', names: readonly string[]): Promise<unknown> {
    const adminPassword = this.#secrets.get('keystone_admin_password');
    const settings = { vip: VIP, image: IMAGE, flavor: FLAVOR, adminPassword };
    await this.#write(CLIENT.name, '/tmp/leases-settings.json', JSON.stringify(settings));
    const argv = ['python3', '/usr/lib/tandem/leases.py', '/tmp/leases-settings.json', verb, ...names];
    return JSON.parse(await this.#cluster.read(CLIENT.name, argv)) as unknown;
  }

  async #write(host: string, path: string, content: string): Promise<void> {
    const file = this.#cluster.path(host, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { mode: 0o600 });
  }
}
