import type { Finding } from '../../../plan/model.ts';
import type { StackId } from '../../../stack/id.ts';
import type { Asked, AskedFleet } from './asked.ts';
import type { ImageFacts, InstanceTypeFacts, SubnetFacts } from './looks.ts';

/** What is known of an account. A field is undefined where it could not be asked. */
export interface Facts {
  readonly types?: ReadonlyMap<string, InstanceTypeFacts> | undefined;
  readonly offerings?: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  readonly onDemandQuota?: number | undefined;
  readonly spotQuota?: number | undefined;
  /** By name of a service-linked role, whether it is there. */
  readonly roles?: ReadonlyMap<string, boolean> | undefined;
  /** By address of a fleet. */
  readonly subnets?: ReadonlyMap<string, readonly SubnetFacts[]> | undefined;
  readonly images?: ReadonlyMap<string, { readonly id: string; readonly image: ImageFacts | undefined }> | undefined;
  readonly refusals?: ReadonlyMap<string, string> | undefined;
  /** Addresses of buckets whose name somebody has. */
  readonly takenBuckets?: ReadonlySet<string> | undefined;
  /** Seconds until SQS gives the names of deleted queues again. */
  readonly queueNamesHeldSeconds?: number | undefined;
  /** What could not be asked, and why. */
  readonly unknown: readonly string[];
}

/** Where the stack goes, for sentences. */
export interface Place {
  readonly stack: StackId;
  readonly account: string;
  readonly region: string;
  /** Of the configuration, for a fleet whose subnets do not exist yet. */
  readonly zones: readonly string[];
}

/** Running On-Demand and All Spot Standard (A, C, D, H, I, M, R, T, Z) instances, in vCPUs. Source: AWSEC2/latest/UserGuide/ec2-on-demand-instances.html, using-spot-limits.html */
export const QUOTAS = { onDemand: 'L-1216C47A', spot: 'L-34B43A08' } as const;
/** Instance families that share these quotas. */
const STANDARD = /^(?:[acdhimrtz]|is|im)\d/;
/** Sources: autoscaling/ec2/userguide/autoscaling-service-linked-role.html, AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html */
export const SERVICE_ROLES = { autoscaling: 'AWSServiceRoleForAutoScaling', spot: 'AWSServiceRoleForEC2Spot' } as const;

/** What AWS would refuse, or never reach. Pure. */
export function judge(asked: Asked, facts: Facts, place: Place): Finding[] {
  const found = asked.fleets.flatMap((fleet) => [
    ...quotaFindings(fleet, facts, place),
    ...offeringFindings(fleet, facts, place),
    ...addressFindings(fleet, facts),
    ...imageFindings(fleet, facts),
    ...refusalFindings(fleet, facts),
  ]);
  const buckets = asked.buckets
    .filter(({ address }) => facts.takenBuckets?.has(address) === true)
    .map(({ address, name }) =>
      deny(
        'aws-bucket-name-taken',
        address,
        `the name ${name} is taken: names of buckets are one space for all of AWS`,
      ),
    );
  const held = facts.queueNamesHeldSeconds ?? 0;
  const queues = asked.queues
    .filter(() => held > 0)
    .map(({ address, name }) =>
      warn(
        'aws-queue-name-held',
        address,
        `queue ${name} was deleted less than a minute ago, and SQS gives its name again in ${held} s; until then the creation fails, and is tried again`,
      ),
    );
  const incomplete =
    facts.unknown.length === 0
      ? []
      : [warn('aws-preflight-incomplete', '', `not checked: ${facts.unknown.join('; ')}`)];
  return [...found, ...roleFindings(asked.fleets, facts, place), ...buckets, ...queues, ...incomplete].map((each) => ({
    ...each,
    stack: place.stack,
  }));
}

/** Instances of a fleet of this size by how they are paid. Pure. */
export function purchasesOf(
  { onDemandBase, onDemandPercent }: Pick<AskedFleet, 'onDemandBase' | 'onDemandPercent'>,
  count: number,
): { readonly onDemand: number; readonly spot: number } {
  const base = Math.min(count, onDemandBase);
  const onDemand = base + Math.ceil(((count - base) * onDemandPercent) / 100);
  return { onDemand, spot: count - onDemand };
}

function quotaFindings(fleet: AskedFleet, facts: Facts, { account, region }: Place): Finding[] {
  const sizes = fleet.types.flatMap((type) => (STANDARD.test(type) ? (facts.types?.get(type)?.vcpus ?? []) : []));
  if (sizes.length === 0) return [];
  // Any of the types may be chosen.
  const each = Math.max(...sizes);
  return (['onDemand', 'spot'] as const).flatMap((purchase) => {
    const quota = facts[`${purchase}Quota`];
    if (quota === undefined) return [];
    const [least, most] = [fleet.minimum, fleet.maximum].map((count) => purchasesOf(fleet, count)[purchase] * each);
    if ((most ?? 0) <= quota) return [];
    const rule = purchase === 'spot' ? 'aws-spot-quota' : 'aws-vcpu-quota';
    const kind = purchase === 'spot' ? 'Spot' : 'on demand';
    const isShort = (least ?? 0) > quota;
    const [size, needed] = isShort ? [`minimum of ${fleet.minimum}`, least] : [`maximum of ${fleet.maximum}`, most];
    const reason = `at its ${size} instances the fleet takes up to ${needed ?? 0} vCPUs ${kind}, and the quota of account ${account} in ${region} is ${quota} for all that runs there; ask for more: \`aws service-quotas request-service-quota-increase --service-code ec2 --quota-code ${QUOTAS[purchase]} --desired-value ${most ?? 0}\``;
    return [isShort ? deny(rule, fleet.address, reason) : warn(rule, fleet.address, reason)];
  });
}

/** A role is the account's: it is told once, at the first fleet that needs it. */
function roleFindings(fleets: readonly AskedFleet[], { roles }: Facts, { account }: Place): Finding[] {
  const ofSpot = fleets.find((fleet) => purchasesOf(fleet, fleet.maximum).spot > 0);
  const needed = [
    [SERVICE_ROLES.autoscaling, 'autoscaling.amazonaws.com', fleets[0]],
    [SERVICE_ROLES.spot, 'spot.amazonaws.com', ofSpot],
  ] as const;
  return needed.flatMap(([name, service, fleet]) =>
    fleet === undefined || roles?.get(name) !== false
      ? []
      : [
          warn(
            'aws-service-linked-role',
            fleet.address,
            `account ${account} has no service-linked role ${name}: it is made at the first use where that is allowed, else no instance starts; \`aws iam create-service-linked-role --aws-service-name ${service}\` makes it`,
          ),
        ],
  );
}

function offeringFindings(
  fleet: AskedFleet,
  { offerings, types, subnets }: Facts,
  { zones, region }: Place,
): Finding[] {
  const unknown = types === undefined ? [] : fleet.types.filter((type) => !types.has(type));
  const missing = unknown.map((type) =>
    deny('aws-type-not-offered', fleet.address, `${region} has no instance type ${type}`),
  );
  if (offerings === undefined || fleet.types.length === 0) return missing;
  const own = subnets?.get(fleet.address)?.map(({ zone }) => zone) ?? zones;
  const lacking = [...new Set(own)].flatMap((zone): Finding[] => {
    const offered = offerings.get(zone) ?? new Set<string>();
    const absent = fleet.types.filter((type) => !offered.has(type) && !unknown.includes(type));
    if (absent.length === 0) return [];
    if (absent.length < fleet.types.length - unknown.length)
      return [
        warn(
          'aws-type-not-offered',
          fleet.address,
          `${zone} does not offer ${absent.join(', ')}; the other types are used there`,
        ),
      ];
    return [
      warn(
        'aws-type-not-offered',
        fleet.address,
        `${zone} offers none of ${absent.join(', ')}: no instance starts there`,
      ),
    ];
  });
  const isNowhere = own.length > 0 && fleet.types.every((type) => !own.some((zone) => offerings.get(zone)?.has(type)));
  if (!isNowhere) return [...missing, ...lacking];
  return [
    deny('aws-type-not-offered', fleet.address, `none of ${own.join(', ')} offers any of ${fleet.types.join(', ')}`),
  ];
}

function addressFindings(fleet: AskedFleet, { subnets }: Facts): Finding[] {
  const own = subnets?.get(fleet.address);
  // A group that runs has taken its addresses already.
  if (own === undefined || own.length === 0 || !fleet.isNew) return [];
  const free = own.reduce((sum, each) => sum + each.free, 0);
  if (free >= fleet.maximum) return [];
  const told = own.map(({ id, zone, free: left }) => `${id} in ${zone} has ${left}`).join(', ');
  const reason = (size: string) => `${size} need an address each, and ${free} are free: ${told}`;
  return free < fleet.minimum
    ? [deny('aws-subnet-addresses', fleet.address, reason(`its minimum of ${fleet.minimum} instances`))]
    : [warn('aws-subnet-addresses', fleet.address, reason(`its maximum of ${fleet.maximum} instances`))];
}

function imageFindings(fleet: AskedFleet, { images, types }: Facts): Finding[] {
  const found = images?.get(fleet.address);
  if (found === undefined) return [];
  const { id, image } = found;
  const refuse = (reason: string) => [deny('aws-image-refused', fleet.address, reason)];
  if (image === undefined) return refuse(`there is no image ${id} that the account may use`);
  if (image.state !== 'available')
    return refuse(`image ${id} is ${image.state}, and only an available one is launched`);
  if (fleet.rootGiB !== undefined && fleet.rootGiB < image.rootGiB)
    return refuse(
      `image ${id} needs a root volume of ${image.rootGiB} GiB, and the configuration says ${fleet.rootGiB}`,
    );
  const wrong = fleet.types.filter((type) => types?.get(type)?.architectures.includes(image.architecture) === false);
  return wrong.length === 0
    ? []
    : refuse(`image ${id} is for ${image.architecture}, which ${wrong.join(', ')} cannot run`);
}

function refusalFindings({ address }: AskedFleet, { refusals }: Facts): Finding[] {
  const refusal = refusals?.get(address);
  return refusal === undefined
    ? []
    : [deny('aws-launch-refused', address, `EC2 would refuse to launch an instance: ${refusal}`)];
}

function deny(rule: string, address: string, reason: string): Finding {
  return { rule, level: 'deny', address, reason, owner: null };
}

function warn(rule: string, address: string, reason: string): Finding {
  return { rule, level: 'warn', address, reason, owner: null };
}
