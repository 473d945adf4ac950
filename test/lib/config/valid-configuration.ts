import fc from 'fast-check';

type Content = Record<string, unknown>;

const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
const digits = '0123456789'.split('');
const name = fc
  .tuple(fc.constantFrom(...letters), fc.string({ unit: fc.constantFrom(...letters, ...digits), maxLength: 6 }))
  .map(([first, rest]) => `x${first}${rest}`);
const names = (minimum: number, maximum: number) => fc.uniqueArray(name, { minLength: minimum, maxLength: maximum });

/** A cloud with a range of its own; large enough for every lease below. */
const cloud = (index: number): fc.Arbitrary<Content> =>
  fc.tuple(names(1, 4), fc.integer({ min: 6, max: 20 }), fc.boolean()).map(([racks, hosts, hasVips]) => ({
    endpoint: { authUrl: `https://c${index}.example.org:5000/v3`, cloudsYaml: `c${index}` },
    layout: 'converged',
    racks: Object.fromEntries(racks.map((rack) => [rack, {}])),
    hardware: { big: { vcpus: 128, memoryGiB: 1024, diskGiB: 8000 } },
    hosts: Object.fromEntries(
      racks.map((rack, at) => [
        `h${at}`,
        { rack, roles: ['compute'], hardware: 'big', count: hosts, firstAddress: `10.${index}.0.${10 + at * 20}` },
      ]),
    ),
    planes: {
      internal: { cidr: `10.${index}.0.0/24`, interface: 'eth0' },
      external: { cidr: `10.${index}.1.0/24`, interface: 'eth1' },
    },
    ...(hasVips
      ? {
          vips: {
            internal: { address: `10.${index}.0.250`, fqdn: `i${index}.example.org` },
            external: { address: `10.${index}.1.250`, fqdn: `e${index}.example.org` },
            routerId: 7,
          },
        }
      : {}),
    zones: Object.fromEntries(racks.map((rack) => [`z${rack}`, { racks: [rack] }])),
    storage: { backend: 'ceph', usableGiB: 1_000_000, volumeTypes: { standard: {} } },
    networks: {
      public: {
        physicalNetwork: 'p1',
        type: 'flat',
        cidr: `198.18.${index}.0/24`,
        gateway: `198.18.${index}.1`,
        allocation: { first: `198.18.${index}.10`, last: `198.18.${index}.250` },
      },
    },
    tenants: { dev: { cidr: `10.${100 + index}.0.0/16` } },
    sources: { office: ['192.0.2.0/24'] },
    dns: { zone: 'dev.example.org', email: 'a@example.org' },
    images: { debian: { url: 'https://example.org/debian.qcow2', minimumDiskGiB: 5 } },
    flavors: { small: { vcpus: 1, memoryMiB: 2048, diskGiB: 20 }, large: { vcpus: 4, memoryMiB: 16_384, diskGiB: 80 } },
  }));

const blueprint: fc.Arbitrary<Content> = names(1, 5).chain((tiers) =>
  fc.record({
    description: fc.constant('Generated'),
    ssh: fc.constant({ tier: tiers[0], from: ['office'] }),
    tiers: fc
      .tuple(
        ...tiers.map(() =>
          fc.record({
            image: fc.constant('debian'),
            flavor: fc.constantFrom('small', 'large'),
            count: fc.integer({ min: 0, max: 5 }),
            listens: fc.array(
              fc.record({
                port: fc.integer({ min: 1, max: 65_000 }),
                from: fc.constantFrom(['world'], ['office'], ['environment'], tiers.slice(0, 2)),
              }),
              { maxLength: 1 },
            ),
            volumes: fc.constantFrom({}, { data: { sizeGiB: 10 } }, { data: { sizeGiB: 20, type: 'standard' } }),
          }),
        ),
      )
      .map((content) => Object.fromEntries(tiers.map((tier, index) => [tier, content[index]]))),
  }),
);

/** Without egress, a worker needs all of these. */
const ENDPOINTS = ['s3', 'dynamodb', 'sqs', 'ssm', 'ssmmessages', 'logs', 'autoscaling', 'monitoring'];

const environment = (index: number): fc.Arbitrary<Content> =>
  fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 100 })).map(([maximum, share]) => ({
    extends: 'base',
    cluster: {
      network: { cidr: `10.${200 + index}.0.0/21`, endpoints: ENDPOINTS },
      capacity: { minimum: Math.floor(maximum / 2), maximum, spotSharePercent: share },
    },
  }));

const BASE: Content = {
  aws: { account: '111122223333', region: 'eu-west-3', role: 'deploy', zones: ['a', 'b', 'c'] },
  cluster: {
    instances: { architecture: 'arm64', types: ['c7g.large', 'm7gd.xlarge'], imageParameter: '/images/arm64' },
    worker: { command: ['/opt/worker'] },
    scaling: { backlogPerInstance: 10 },
    budget: { monthlyUsd: 100 },
  },
};

/** Configurations without a problem: parsed content by path. */
export const validConfiguration: fc.Arbitrary<Record<string, Content>> = fc
  .record({
    clouds: fc.integer({ min: 1, max: 3 }),
    environments: fc.integer({ min: 1, max: 3 }),
    blueprints: names(1, 3),
    leases: names(0, 6),
  })
  .chain(({ clouds, environments, blueprints, leases }) =>
    fc
      .tuple(
        fc.tuple(...Array.from({ length: clouds }, (_, index) => cloud(index))),
        fc.tuple(...Array.from({ length: environments }, (_, index) => environment(index))),
        fc.tuple(...blueprints.map(() => blueprint)),
        fc.tuple(
          ...leases.map(() =>
            fc.record({
              blueprint: fc.constantFrom(...blueprints),
              cloud: fc.nat(clouds - 1),
              days: fc.integer({ min: 1, max: 28 }),
            }),
          ),
        ),
      )
      .map(([cloudContent, environmentContent, blueprintContent, leaseContent]) => ({
        'config/tandem.yaml': {
          organisation: { name: 'acme', contact: 'a@example.org' },
          defaultCloud: 'cloud0',
          state: { backend: 'local' },
        },
        'config/environments/base.yaml': BASE,
        ...folder('clouds', cloudContent, (index) => `cloud${index}`),
        ...folder('environments', environmentContent, (index) => `env${index}`),
        ...folder('blueprints', blueprintContent, (index) => blueprints[index] ?? ''),
        ...folder(
          'dev',
          leaseContent.map((lease) => ({
            blueprint: lease.blueprint,
            cloud: `cloud${lease.cloud}`,
            owner: 'a@example.org',
            since: '2026-11-21',
            until: new Date(Date.parse('2026-11-21') + lease.days * 86_400_000).toISOString().slice(0, 10),
          })),
          (index) => leases[index] ?? '',
        ),
      })),
  );

function folder(
  where: string,
  contents: readonly Content[],
  nameOf: (index: number) => string,
): Record<string, Content> {
  return Object.fromEntries(contents.map((content, index) => [`config/${where}/${nameOf(index)}.yaml`, content]));
}
