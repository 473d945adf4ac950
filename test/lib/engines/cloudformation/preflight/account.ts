import type {
  AccountLooks,
  ImageFacts,
  InstanceTypeFacts,
  SubnetFacts,
} from '../../../../../lib/engines/cloudformation/preflight/looks.ts';

/** An account, as far as preflight looks into it. */
export interface Account {
  readonly types: Readonly<Record<string, InstanceTypeFacts>>;
  /** By zone. */
  readonly offerings: Readonly<Record<string, readonly string[]>>;
  /** That apply to the account, by code; others have AWS's default of 5. */
  readonly quotas: Readonly<Record<string, number>>;
  readonly roles: readonly string[];
  readonly subnets: readonly SubnetFacts[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly images: Readonly<Record<string, ImageFacts>>;
  /** What EC2 says to any launch. `allowed`: the dry run succeeds; `unauthorised`: whoever asks may not launch. */
  readonly launch: 'allowed' | 'unauthorised' | { readonly code: string; readonly message: string };
  /** Names of buckets by whose they are. */
  readonly buckets: Readonly<Record<string, 'own' | 'foreign'>>;
  /** By name of deleted stacks, when the queue of each was deleted; undefined: it had none. */
  readonly deleted: Readonly<Record<string, readonly (string | undefined)[]>>;
}

/** An account in which nothing stands in the way of 500 instances. */
export const ROOMY: Account = {
  types: {
    'c7g.xlarge': { vcpus: 4, architectures: ['arm64'] },
    'm7g.xlarge': { vcpus: 4, architectures: ['arm64'] },
    'c7i.xlarge': { vcpus: 4, architectures: ['x86_64'] },
  },
  offerings: { 'eu-west-3a': ['c7g.xlarge', 'm7g.xlarge', 'c7i.xlarge'], 'eu-west-3b': ['c7g.xlarge', 'm7g.xlarge'] },
  quotas: { 'L-1216C47A': 4000, 'L-34B43A08': 4000 },
  roles: ['AWSServiceRoleForAutoScaling', 'AWSServiceRoleForEC2Spot'],
  subnets: [
    { id: 'subnet-a', zone: 'eu-west-3a', free: 507 },
    { id: 'subnet-b', zone: 'eu-west-3b', free: 507 },
  ],
  parameters: { '/net/subnets': 'subnet-a,subnet-b', '/ami': 'ami-1' },
  images: { 'ami-1': { architecture: 'arm64', state: 'available', rootGiB: 8 } },
  launch: 'allowed',
  buckets: {},
  deleted: {},
};

/** The account in memory. */
export function memoryLooks(account: Account): AccountLooks {
  const { types, offerings, quotas, roles, subnets, parameters, images, launch, buckets, deleted } = account;
  return {
    instanceTypes: async (names) =>
      new Map(names.flatMap((name) => (types[name] ? [[name, types[name]] as const] : []))),
    offerings: async (names) =>
      new Map(
        Object.entries(offerings).map(([zone, own]) => [zone, new Set(own.filter((each) => names.includes(each)))]),
      ),
    quota: async (_, code) => quotas[code] ?? 5,
    hasRole: async (name) => roles.includes(name),
    subnets: async (ids) => subnets.filter(({ id }) => ids.includes(id)),
    parameters: async (names) =>
      new Map(names.flatMap((name) => (parameters[name] === undefined ? [] : [[name, parameters[name]]]))),
    image: async (id) => images[id],
    refusalOf: async () => (typeof launch === 'string' ? undefined : `${launch.code}: ${launch.message}`),
    isBucketTaken: async (name) => buckets[name] !== undefined,
    queuesDeletedAt: async (name) =>
      deleted[name]
        ?.flatMap((each) => (each === undefined ? [] : [new Date(each)]))
        .sort((a, b) => Number(b) - Number(a))[0],
    close: () => undefined,
  };
}
