import {
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  type Instance as GroupInstance,
  paginateDescribeWarmPool,
} from '@aws-sdk/client-auto-scaling';
import { type AttributeValue, paginateScan } from '@aws-sdk/client-dynamodb';
import {
  DescribeLaunchTemplateVersionsCommand,
  type Filter,
  type Instance,
  paginateDescribeInstanceStatus,
  paginateDescribeInstances,
  paginateDescribeReplaceRootVolumeTasks,
  paginateDescribeSpotInstanceRequests,
} from '@aws-sdk/client-ec2';
import { inBatches } from '../../aws-api/batches.ts';
import type { FleetClients } from '../../aws-api/fleet-clients.ts';
import type { ClusterParts } from '../../aws-api/worker-parameter.ts';
import type { FleetView } from '../view.ts';
import { groupMissing } from './errors.ts';
import { type Answers, readView, templateOf } from './read-view.ts';

/** The clients that look, and what they look at. */
export interface Place {
  readonly clients: FleetClients;
  readonly parts: ClusterParts;
  /** Environment, for errors. */
  readonly environment: string;
  /** By AWS's clock: heartbeats and launches are told by it too. */
  readonly now: () => number;
}

/** What AWS gives in one page at most. */
const PAGE = 1000;
/** Values of one filter. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html */
const FILTER_VALUES = 200;
/** Of `DescribeWarmPool` and `DescribeReplaceRootVolumeTasks`. */
const SMALL_PAGE = 50;

export interface LookOptions {
  /** Ids that were detached from the group. @default - none */
  readonly detached?: readonly string[];
  /**
   * Asks for all that an operation decides on. Without it, four calls tell of a fleet of up to 1,000 instances, and nothing is known of Spot
   * notices, root volumes, refreshes, and hooks of the warm pool.
   * @default false
   */
  readonly whole?: boolean;
  /** As it was described a moment ago. @default - it is asked for */
  readonly group?: AutoScalingGroup;
  readonly signal?: AbortSignal | undefined;
}

/** The fleet at this moment. @throws TandemError `group-missing`, and what the SDK throws */
export async function lookAt(
  place: Place,
  { detached = [], whole = false, signal, ...given }: LookOptions = {},
): Promise<FleetView> {
  const { clients, parts, now } = place;
  const group = given.group ?? (await describeGroup(place, signal));
  const asked = { clients, group: parts.group, signal };
  const none = Promise.resolve([]);
  const isMixed = (group.MixedInstancesPolicy?.InstancesDistribution?.OnDemandPercentageAboveBaseCapacity ?? 100) < 100;
  const [instances, gone, statuses, heartbeats, warm, spotRequests, rootVolumeTasks, refresh] = await Promise.all([
    instancesBy(asked, [{ Name: 'tag:aws:autoscaling:groupName', Values: [parts.group] }]),
    Promise.all(
      inBatches(detached, FILTER_VALUES).map((ids) => instancesBy(asked, [{ Name: 'instance-id', Values: ids }])),
    ),
    statusesOf(asked),
    heartbeatsIn(clients, parts.heartbeatsTable, signal),
    whole && group.WarmPoolConfiguration !== undefined ? warmPoolOf(asked) : Promise.resolve(whole ? [] : undefined),
    whole && isMixed ? interruptedSpot(asked) : none,
    whole ? rootVolumes(asked) : none,
    whole ? refreshOf(asked) : Promise.resolve(undefined),
  ]);
  const all = [...new Map([...instances, ...gone.flat()].map((each) => [each.InstanceId, each])).values()];
  const answers: Answers = {
    ...{ at: now(), group, warm, statuses, heartbeats, spotRequests, rootVolumeTasks, refresh, detached },
    ...{ instances: all, templateImage: undefined, program: parts.program },
  };
  const view = readView(answers);
  if (view.current.image !== '' || view.current.template === '') return view;
  return readView({ ...answers, templateImage: await imageOf(clients, group, signal) });
}

export async function describeGroup(
  { clients, parts, environment }: Pick<Place, 'clients' | 'parts' | 'environment'>,
  signal?: AbortSignal,
): Promise<AutoScalingGroup> {
  const { AutoScalingGroups = [] } = await clients.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [parts.group] }),
    optionsOf(signal),
  );
  const [group] = AutoScalingGroups;
  if (group === undefined) throw groupMissing(environment, parts.group);
  return group;
}

interface Asked {
  readonly clients: FleetClients;
  readonly group: string;
  readonly signal: AbortSignal | undefined;
}

async function instancesBy({ clients, signal }: Asked, Filters: Filter[]): Promise<Instance[]> {
  const pages = paginateDescribeInstances({ client: clients.ec2, pageSize: PAGE }, { Filters }, optionsOf(signal));
  return await collect(pages, ({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances));
}

/** Of all running instances of the account: there is no filter by tag. */
async function statusesOf({ clients, signal }: Asked) {
  const pages = paginateDescribeInstanceStatus({ client: clients.ec2, pageSize: PAGE }, {}, optionsOf(signal));
  return await collect(pages, ({ InstanceStatuses = [] }) => InstanceStatuses);
}

async function heartbeatsIn({ dynamo }: FleetClients, TableName: string, signal: AbortSignal | undefined) {
  const input = { TableName, ConsistentRead: true };
  const pages = paginateScan({ client: dynamo }, input, optionsOf(signal));
  return await collect(pages, ({ Items = [] }): Record<string, AttributeValue>[] => Items);
}

async function warmPoolOf({ clients, group, signal }: Asked): Promise<GroupInstance[]> {
  const config = { client: clients.autoScaling, pageSize: SMALL_PAGE };
  const pages = paginateDescribeWarmPool(config, { AutoScalingGroupName: group }, optionsOf(signal));
  return await collect(pages, ({ Instances = [] }) => Instances);
}

/** Spot instances of the account that EC2 is about to take. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html */
async function interruptedSpot({ clients, signal }: Asked) {
  const Filters = [{ Name: 'status-code', Values: ['marked-for-termination', 'marked-for-stop'] }];
  const config = { client: clients.ec2, pageSize: PAGE };
  const pages = paginateDescribeSpotInstanceRequests(config, { Filters }, optionsOf(signal));
  return await collect(pages, ({ SpotInstanceRequests = [] }) => SpotInstanceRequests);
}

async function rootVolumes({ clients, signal }: Asked) {
  const pages = paginateDescribeReplaceRootVolumeTasks(
    { client: clients.ec2, pageSize: SMALL_PAGE },
    {},
    optionsOf(signal),
  );
  return await collect(pages, ({ ReplaceRootVolumeTasks = [] }) => ReplaceRootVolumeTasks);
}

const ENDED: ReadonlySet<string> = new Set([
  'Successful',
  'Failed',
  'Cancelled',
  'RollbackFailed',
  'RollbackSuccessful',
]);

/** Newest first: only the first can be under way. */
async function refreshOf({ clients, group, signal }: Asked): Promise<string | undefined> {
  const { InstanceRefreshes = [] } = await clients.autoScaling.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: group, MaxRecords: 1 }),
    optionsOf(signal),
  );
  const [newest] = InstanceRefreshes;
  return newest === undefined || ENDED.has(newest.Status ?? '') ? undefined : newest.InstanceRefreshId;
}

/** Of the group's launch template; undefined where it names a parameter instead. */
async function imageOf({ ec2 }: FleetClients, group: AutoScalingGroup, signal: AbortSignal | undefined) {
  const { LaunchTemplateId, Version } = templateOf(group) ?? {};
  if (LaunchTemplateId === undefined || Version === undefined) return undefined;
  const { LaunchTemplateVersions = [] } = await ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [Version] }),
    optionsOf(signal),
  );
  const image = LaunchTemplateVersions[0]?.LaunchTemplateData?.ImageId;
  return image?.startsWith('resolve:') === true ? undefined : image;
}

export async function collect<P, T>(pages: AsyncIterable<P>, itemsOf: (page: P) => readonly T[]): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...itemsOf(page));
  return all;
}

function optionsOf(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
