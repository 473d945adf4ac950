import fc from 'fast-check';
import { stringify } from 'yaml';

/** What a generated cloud is like. A mutation pins the parts that it needs. */
export interface Shape {
  readonly layout: 'starter' | 'converged' | 'separated';
  readonly racks: number;
  readonly controllers: 3 | 5;
  readonly balancers: 2 | 3;
  readonly storagePerRack: number;
  readonly backend: 'ceph' | 'nfs';
  readonly domain: 'rack' | 'host';
  readonly monitors: boolean;
  readonly compute: number;
  readonly zones: 'rack' | 'one';
  readonly feeds: 'none' | 'own' | 'two';
  readonly switches: 'none' | 'own' | 'two';
  readonly external: boolean;
  readonly tls: boolean;
  readonly certificates: 'none' | 'exact' | 'star';
  readonly kolla: boolean;
  readonly tunnelMtu: number;
  readonly leases: number;
}

export const shape: fc.Arbitrary<Shape> = fc.record({
  layout: fc.constantFrom('starter', 'converged', 'separated'),
  racks: fc.integer({ min: 3, max: 5 }),
  controllers: fc.constantFrom(3, 5),
  balancers: fc.constantFrom(2, 3),
  storagePerRack: fc.integer({ min: 1, max: 3 }),
  backend: fc.constantFrom('ceph', 'nfs'),
  domain: fc.constantFrom('rack', 'host'),
  monitors: fc.boolean(),
  compute: fc.integer({ min: 2, max: 4 }),
  zones: fc.constantFrom('rack', 'one'),
  feeds: fc.constantFrom('none', 'own', 'two'),
  switches: fc.constantFrom('none', 'own', 'two'),
  external: fc.boolean(),
  tls: fc.boolean(),
  certificates: fc.constantFrom('none', 'exact', 'star'),
  kolla: fc.boolean(),
  tunnelMtu: fc.constantFrom(1500, 1558, 9000),
  leases: fc.integer({ min: 0, max: 3 }),
} as const);

/** Parsed content of a file. */
export type Content = Record<string, unknown>;
export type Files = Record<string, Content>;

/** As they stand on disk; text stays as it is. */
export function written(files: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([file, value]) => [
      file,
      typeof value === 'string' ? value : stringify(value, { aliasDuplicateObjects: false }),
    ]),
  );
}

/** Content that is being changed, by paths like `hosts.control-1.rack`. */
export class Draft {
  readonly #content: Content;

  constructor(content: Content) {
    this.#content = content;
  }

  get(path: string): unknown {
    return path.split('.').reduce<unknown>((value, key) => (value as Content)[key], this.#content);
  }

  set(path: string, value: unknown): void {
    const [holder, key] = this.#find(path);
    holder[key] = value;
  }

  /** A path that is not there would break nothing. */
  drop(path: string): void {
    const [holder, key] = this.#find(path);
    if (!Object.hasOwn(holder, key)) throw new Error(`nothing to drop: ${path}`);
    Reflect.deleteProperty(holder, key);
  }

  push(path: string, value: unknown): void {
    (this.get(path) as unknown[]).push(value);
  }

  #find(path: string): [holder: Content, key: string] {
    const dot = path.lastIndexOf('.');
    return [dot < 0 ? this.#content : (this.get(path.slice(0, dot)) as Content), path.slice(dot + 1)];
  }
}

export const CLOUD = 'config/clouds/one.yaml';

/** A configuration that keeps what its layout promises: parsed content by path. */
export function soundConfiguration(shape: Shape): Files {
  const files: Files = {
    'config/tandem.yaml': {
      organisation: { name: 'acme', contact: 'a@example.org' },
      defaultCloud: 'one',
      state: { backend: 'local' },
    },
    [CLOUD]: soundCloud(shape, 1),
    'config/blueprints/app.yaml': {
      description: 'Generated',
      tiers: {
        web: { image: 'debian', flavor: 'small', count: 3 },
        jobs: { image: 'debian', flavor: 'small', count: 2, placement: 'any' },
      },
    },
  };
  for (let index = 0; index < shape.leases; index += 1) files[`config/dev/dev${index}.yaml`] = lease('app');
  return files;
}

export function lease(blueprint: string): Content {
  return { blueprint, owner: 'a@example.org', since: '2026-11-20', until: '2026-12-10' };
}

const LETTERS = ['a', 'b', 'c', 'd', 'e'];

/** @param index 1 to 9: ranges, names and ids of its own */
export function soundCloud(shape: Shape, index: number): Content {
  const racks = LETTERS.slice(0, shape.racks);
  const isStarter = shape.layout === 'starter';
  const isSeparated = shape.layout === 'separated';
  const hasExternal = shape.external || isSeparated;
  // Five brokers in fewer racks would put two, the majority of some queue, in one of them.
  const controllers = !isSeparated && racks.length < 5 ? 3 : shape.controllers;
  const hosts: Content = {};
  let next = 10;
  const add = (name: string, rack: string | undefined, roles: string[], count = 1): void => {
    hosts[name] = {
      rack,
      roles,
      hardware: 'big',
      count,
      firstAddress: `10.${index}.${Math.floor(next / 256)}.${next % 256}`,
    };
    next += 8;
  };
  const spread = (name: string, roles: string[], count: number): void => {
    for (let at = 0; at < count; at += 1) add(`${name}-${at + 1}`, racks[at % racks.length], roles);
  };
  if (isStarter) add('control', 'a', ['control', 'network']);
  else spread('control', isSeparated ? ['control'] : ['control', 'network'], controllers);
  if (isSeparated) {
    spread('database', ['database'], shape.controllers);
    spread('queue', ['queue'], 3);
    spread('ovn', ['ovn'], 3);
    // From the last rack on, where fewer quorums stand: a mutation can take both balancers and no majority.
    for (let at = 0; at < shape.balancers; at += 1)
      add(`balancer-${at + 1}`, racks.at(-1 - at), ['load-balancer', 'network']);
  }
  for (const rack of racks) {
    add(`storage-${rack}`, rack, ['storage'], shape.domain === 'host' ? 1 : shape.storagePerRack);
    add(`compute-${rack}`, rack, ['compute'], shape.compute);
  }
  const [internal, external] = [`internal.c${index}.example.org`, `c${index}.example.org`];
  const scheme = shape.tls ? 'https' : 'http';
  const names = (fqdn: string) =>
    shape.certificates === 'star' ? [`*.${fqdn.slice(fqdn.indexOf('.') + 1)}`] : [fqdn, 'more.example.org'];
  const vips = {
    internal: { address: `10.${index}.3.250`, fqdn: internal },
    ...(hasExternal ? { external: { address: `10.${index}.7.250`, fqdn: external } } : {}),
    routerId: 50 + index,
    tls: {
      internal: shape.tls,
      external: shape.tls,
      ...(shape.certificates === 'none'
        ? {}
        : {
            certificates: {
              internal: { names: names(internal) },
              ...(hasExternal ? { external: { names: names(external) } } : {}),
            },
          }),
    },
  };
  const ways = (kind: string, which: 'none' | 'own' | 'two', rack: string) =>
    which === 'none' ? {} : { [kind]: which === 'own' ? [`${rack}-only`] : ['left', 'right'] };
  const plane = (third: number, mtu = 1500) => ({
    cidr: `10.${index}.${third}.0/22`,
    vlan: 100 + third,
    mtu,
    interface: `bond0.${100 + third}`,
  });
  return {
    endpoint: { authUrl: `${scheme}://${hasExternal ? external : internal}:5000/v3`, cloudsYaml: `c${index}` },
    layout: shape.layout,
    racks: Object.fromEntries(
      racks.map((rack) => [
        rack,
        { ...ways('powerFeeds', shape.feeds, rack), ...ways('switches', shape.switches, rack) },
      ]),
    ),
    hardware: { big: { vcpus: 64, memoryGiB: 264, diskGiB: 8000 } },
    hosts,
    planes: {
      internal: plane(0, 9000),
      ...(hasExternal ? { external: plane(4) } : {}),
      tunnel: plane(8, shape.tunnelMtu),
      storage: plane(12, 9000),
      storageCluster: plane(16, 9000),
    },
    ...(isStarter ? {} : { vips }),
    zones:
      shape.zones === 'one'
        ? { all: { racks } }
        : Object.fromEntries(racks.map((rack) => [`zone-${rack}`, { racks: [rack] }])),
    storage: {
      backend: isStarter ? 'lvm' : shape.backend,
      replicas: 3,
      failureDomain: shape.domain,
      usableGiB: 100_000,
      volumeTypes: { standard: {} },
      ...(shape.monitors ? { monitors: racks.slice(0, 3).map((rack) => `storage-${rack}-1`) } : {}),
    },
    networks: {
      public: {
        physicalNetwork: 'physnet1',
        type: 'vlan',
        segment: 200,
        cidr: `198.18.${index}.0/24`,
        gateway: `198.18.${index}.1`,
        allocation: { first: `198.18.${index}.10`, last: `198.18.${index}.250` },
      },
    },
    tenants: { dev: { cidr: `10.${100 + index}.0.0/16` } },
    tenantMtu: shape.tunnelMtu - 58,
    dns: { zone: `dev.c${index}.example.org`, email: 'a@example.org' },
    time: { sources: ['192.168.0.1', '192.168.0.2', 'ntp1.example.org', 'ntp2.example.org'] },
    resolvers: ['192.168.0.53', '192.168.1.53'],
    images: { debian: { url: 'https://example.org/debian.qcow2' } },
    flavors: {
      small: { vcpus: 1, memoryMiB: 2048, diskGiB: 20 },
      most: { vcpus: 32, memoryMiB: 160 * 1024, diskGiB: 80 },
      whole: { vcpus: 32, memoryMiB: 256 * 1024, diskGiB: 80 },
    },
    ...(shape.kolla ? { kolla: { secrets: '/etc/kolla/one', providerInterfaces: { physnet1: 'bond1' } } } : {}),
  };
}
