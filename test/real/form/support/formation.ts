import { setTimeout as sleep } from 'node:timers/promises';
import { type Place, takePlace } from '../../../../lab/servers/place.ts';
import { installedRoot, type RootFiles } from '../../../../lab/servers/roots.ts';
import { FormedServer } from '../../../../lab/servers/server.ts';
import { installScript } from '../../../../lib/bring-up/install.ts';
import { bringUpMetadata, type PeerServer } from '../../../../lib/bring-up/metadata.ts';
import type { TierSoftware } from '../../../../lib/bring-up/tier-software.ts';
import { bringUpUserData } from '../../../../lib/bring-up/user-data.ts';
import { secretsByServer, secretsOf } from '../../../../lib/components/boot-secrets.ts';
import { makeSecrets, valuesOf } from '../../../../lib/deploy/boot-secrets/make.ts';
import { Secret, type SecretRef, type SecretStore } from '../../../../lib/secrets/secret.ts';
import { memorySecrets } from '../../../lib/secrets/memory-secrets.ts';
import { type LeaseSoftware, type SoftwareOptions, softwareOfLease } from './software.ts';

export { whyNoForming } from '../../../../lab/servers/roots.ts';
export type { FormedServer } from '../../../../lab/servers/server.ts';

export interface FormOptions extends SoftwareOptions {
  /** Tiers whose servers are formed; others are in nobody's hosts. @default - all that run components */
  readonly tiers?: readonly string[];
  /** Files of this machine that stand on every server before components are installed: path on the server, file here. */
  readonly rootFiles?: RootFiles;
  /** Values of secrets by component and name. Those that are missing are made up. `false`: none; a boot token brings them. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>> | false;
  /** Where they are kept: leases with one trust have one store. @default - a lease has its own, in memory */
  readonly store?: SecretStore;
  /** Between two looks at the metadata, in seconds; members restart twice this time apart. @default 5 */
  readonly everySeconds?: number;
  /** How long servers may take to serve, in milliseconds. @default 600000 */
  readonly timeoutMs?: number;
}

/** Servers of one lease, running. */
export interface FormedLease {
  readonly name: string;
  readonly servers: readonly FormedServer[];
  /** This machine, as the servers see it. */
  readonly gateway: string;
  /** What the formed tiers run. */
  readonly software: ReadonlyMap<string, TierSoftware>;
  /** Values of secrets, by component and name. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Of a tier, by index from 1. */
  server(tier: string, index: number): FormedServer;
  ofTier(tier: string): readonly FormedServer[];
  /** Gives every server, or the named ones, what the store has now, as a boot token would. */
  giveSecrets(servers?: readonly FormedServer[]): Promise<void>;
  /** Resolves when every server, or the named ones, serve by their own health commands. */
  healthy(servers?: readonly FormedServer[]): Promise<void>;
  /** Other entries of metadata for all servers, as `tandem deploy` would set them: a component's value, a peer more. */
  tell(entries: Readonly<Record<string, string>>, servers?: readonly FormedServer[]): Promise<void>;
  /** Ends everything, and leaves nothing. */
  stop(): Promise<void>;
}

/** Brings the servers of a lease up, on this machine, by the user data and metadata that the lease renders. They have not all formed yet: `healthy`. */
export async function formLease(options: FormOptions): Promise<FormedLease> {
  const lease = softwareOfLease(options);
  const formed = [...lease.software].filter(([tier]) => options.tiers?.includes(tier) ?? true);
  if (formed.length === 0)
    throw new Error(`no server of ${lease.name} is formed: ${options.tiers?.join(', ') ?? 'no tier'} runs a component`);
  const lowers = new Map<string, string>();
  for (const [tier, { runs, mirrors }] of formed) {
    const components = runs.map(({ component }) => component);
    lowers.set(tier, await installedRoot(installScript(components, mirrors), options.rootFiles));
  }
  const place = await takePlace();
  const all = new Formation(place, lease, options, formed, lowers);
  try {
    await all.up();
  } catch (error) {
    await all.stop();
    throw error;
  }
  return all;
}

class Formation implements FormedLease {
  readonly name: string;
  readonly servers: readonly FormedServer[];
  readonly gateway: string;
  readonly software: ReadonlyMap<string, TierSoftware>;
  readonly secrets: Record<string, Record<string, string>> = {};
  readonly #store: SecretStore;
  readonly #place: Place;
  readonly #options: FormOptions;
  readonly #volumes: LeaseSoftware['volumes'];
  readonly #metadata = new Map<string, Record<string, string>>();

  constructor(
    place: Place,
    lease: LeaseSoftware,
    options: FormOptions,
    formed: readonly (readonly [string, TierSoftware])[],
    lowers: ReadonlyMap<string, string>,
  ) {
    this.name = lease.name;
    this.gateway = place.gateway;
    this.software = new Map(formed);
    this.#store = options.store ?? memorySecrets();
    this.#place = place;
    this.#options = options;
    this.#volumes = lease.volumes;
    let at = 0;
    this.servers = formed.flatMap(([tier, { inputs }]) =>
      Array.from({ length: inputs.count }, (_, index) => {
        const volumes = Object.fromEntries(
          Object.entries(lease.volumes(tier)).map(([name, sizeMiB]) => [volumeId(place, at, name), sizeMiB]),
        );
        const zone = inputs.zones[index % Math.max(inputs.zones.length, 1)] ?? 'nova';
        const name = `${lease.name}-${tier}-${index + 1}`;
        const plan = { name, tier, index: index + 1, zone, at, lower: lowers.get(tier) ?? '', volumes };
        at += 1;
        return new FormedServer(place, plan);
      }),
    );
  }

  async up(): Promise<void> {
    await this.#makeSecrets();
    await Promise.all(this.servers.map(async (server) => this.#bringUp(server)));
  }

  async #bringUp(server: FormedServer): Promise<void> {
    const software = this.#softwareOf(server);
    await server.make();
    this.#metadata.set(server.name, bringUpMetadata(software, this.#factsOf(server)));
    await this.#tell(server);
    await server.boot();
    await this.#quicken(server);
    const script = '/var/lib/cloud/user-data.sh';
    await server.must(['sh', '-c', `mkdir -p /var/lib/cloud && cat >${script} && sh ${script}`], {
      input: bringUpUserData(software),
    });
  }

  /** Looks at the metadata more often than a server does, and gives secrets that nobody else brings. */
  async #quicken(server: FormedServer): Promise<void> {
    const { everySeconds = 5 } = this.#options;
    const lines = [
      'mkdir -p /etc/systemd/system/tandem-bring-up.timer.d /etc/systemd/system/tandem-bring-up.service.d',
      `printf '[Timer]\\nOnCalendar=\\nOnCalendar=*:*:0/${everySeconds}\\n' >/etc/systemd/system/tandem-bring-up.timer.d/quick.conf`,
      `printf '[Service]\\nEnvironment=TANDEM_SLOT_SECONDS=${2 * everySeconds}\\nStandardOutput=journal\\nStandardError=journal\\n' >/etc/systemd/system/tandem-bring-up.service.d/quick.conf`,
    ];
    await server.must(['sh', '-euc', lines.join('\n')]);
    if (this.#options.secrets !== false) await this.giveSecrets([server]);
  }

  async giveSecrets(servers: readonly FormedServer[] = this.servers): Promise<void> {
    for (const server of servers) {
      const own = secretsOf(this.#softwareOf(server));
      for (const [component, values] of Object.entries(await valuesOf({ lease: this.name, store: this.#store }, own)))
        for (const [name, input] of Object.entries(values)) {
          const folder = `/var/lib/tandem-bring-up/secrets/${component}`;
          await server.must(['sh', '-euc', `umask 077; mkdir -p ${folder}; cat >${folder}/${name}`], { input });
        }
    }
  }

  /** As a deploy makes them, beside those that a test chose. */
  async #makeSecrets(): Promise<void> {
    const { secrets = {} } = this.#options;
    if (secrets === false) return;
    for (const [component, values] of Object.entries(secrets))
      for (const [name, value] of Object.entries(values)) {
        const reference: SecretRef = `secret:lease/${this.name}/${component}/${name}`;
        await this.#store.put(reference, new Secret(value, reference));
      }
    const lease = { lease: this.name, store: this.#store };
    await makeSecrets({ ...lease, needs: secretsByServer(this.name, this.software), now: () => new Date() });
    for (const software of this.software.values())
      for (const [component, values] of Object.entries(await valuesOf(lease, secretsOf(software))))
        this.secrets[component] = { ...this.secrets[component], ...values };
  }

  #factsOf(server: FormedServer) {
    const servers: Record<string, PeerServer[]> = {};
    for (const { tier, name, address } of this.servers) (servers[tier] ??= []).push({ name, address });
    const at = this.servers.indexOf(server);
    const names = Object.keys(this.#volumes(server.tier));
    const volumes = Object.fromEntries(names.map((name) => [name, volumeId(this.#place, at, name)]));
    return { index: server.index, name: server.name, volumes, servers };
  }

  async #tell(server: FormedServer): Promise<void> {
    const { name, zone } = server;
    await server.tell({ uuid: `uuid-of-${name}`, name, availability_zone: zone, meta: this.#metadata.get(name) });
  }

  async tell(entries: Readonly<Record<string, string>>, servers = this.servers): Promise<void> {
    for (const server of servers) {
      this.#metadata.set(server.name, { ...this.#metadata.get(server.name), ...entries });
      await this.#tell(server);
    }
  }

  #softwareOf({ tier }: FormedServer): TierSoftware {
    const software = this.software.get(tier);
    if (software === undefined) throw new Error(`tier ${tier} runs nothing`);
    return software;
  }

  server(tier: string, index: number): FormedServer {
    const found = this.ofTier(tier)[index - 1];
    if (found === undefined) throw new Error(`${this.name} has no ${tier}-${index}`);
    return found;
  }

  ofTier(tier: string): readonly FormedServer[] {
    return this.servers.filter((server) => server.tier === tier);
  }

  async healthy(servers = this.servers): Promise<void> {
    const until = performance.now() + (this.#options.timeoutMs ?? 600_000);
    await Promise.all(
      servers.map(async (server) => {
        let last = 'it was never asked';
        while (performance.now() < until) {
          const { code, stdout, stderr } = await server.exec(['/usr/local/lib/tandem/bring-up', 'health']);
          if (code === 0) return;
          last = `${stdout}${stderr}`;
          await sleep(500);
        }
        throw new Error(`${server.name} does not serve: ${last}\n${await server.journal()}`);
      }),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map(async (server) => server.end()));
    await this.#place.free();
  }
}

/** As long as Cinder's ids are, and different in their first 20 characters. */
function volumeId(place: Place, at: number, name: string): string {
  return `${String(place.number).padStart(4, '0')}${String(at).padStart(4, '0')}-${name}-volume-of-a-formed-server`.slice(
    0,
    36,
  );
}
