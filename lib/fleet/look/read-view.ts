import type { AutoScalingGroup, Instance as GroupInstance } from '@aws-sdk/client-auto-scaling';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Instance, InstanceStatus, ReplaceRootVolumeTask, SpotInstanceRequest } from '@aws-sdk/client-ec2';
import type { FleetView, Heartbeat, LifecycleState, Machine, Versions, WorkerState } from '../view.ts';

/** What AWS and the agents told. */
export interface Answers {
  readonly at: number;
  readonly group: AutoScalingGroup;
  /** Of the warm pool; undefined where it was not asked for, and is seen by what EC2 has besides the group's. */
  readonly warm: readonly GroupInstance[] | undefined;
  /** All that carry the group's tag, and those that were detached. */
  readonly instances: readonly Instance[];
  readonly statuses: readonly InstanceStatus[];
  readonly heartbeats: readonly Readonly<Record<string, AttributeValue>>[];
  readonly spotRequests: readonly SpotInstanceRequest[];
  readonly rootVolumeTasks: readonly ReplaceRootVolumeTask[];
  /** Id of one that has not ended. */
  readonly refresh: string | undefined;
  /** Ids that were detached from the group. */
  readonly detached: readonly string[];
  /** Image of the group's launch template, where it was asked for. */
  readonly templateImage: string | undefined;
  /** Version of the program that the cluster runs. */
  readonly program: string | undefined;
}

/** Between the notice and the end of a Spot instance. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html */
const NOTICE_MS = 120_000;

/** What the answers say of the fleet. Pure. */
export function readView(answers: Answers): FleetView {
  const { at, group, refresh } = answers;
  const members = new Map((group.Instances ?? []).map((each) => [each.InstanceId ?? '', each]));
  const pool =
    answers.warm === undefined ? undefined : new Map(answers.warm.map((each) => [each.InstanceId ?? '', each]));
  const detached = new Set(answers.detached);
  const heartbeats = new Map(answers.heartbeats.flatMap(readHeartbeat));
  const statuses = new Map(answers.statuses.map((each) => [each.InstanceId ?? '', each]));
  const taken = takenAt(answers.spotRequests);
  const tasks = newestTasks(answers.rootVolumeTasks);
  const hasWarmPool =
    group.WarmPoolConfiguration !== undefined && group.WarmPoolConfiguration.Status !== 'PendingDelete';
  const machines = answers.instances.flatMap((instance): Machine[] => {
    const id = instance.InstanceId ?? '';
    const member = members.get(id) ?? pool?.get(id);
    const state = instance.State?.Name ?? 'pending';
    const lifecycleState = member?.LifecycleState ?? strayState(instance, { detached, hasWarmPool, pool });
    // EC2 shows a terminated one for another hour.
    if (lifecycleState === undefined || (state === 'terminated' && member === undefined)) return [];
    const heartbeat = heartbeats.get(id);
    return [
      {
        id,
        state,
        zone: instance.Placement?.AvailabilityZone ?? member?.AvailabilityZone ?? '',
        type: instance.InstanceType ?? member?.InstanceType ?? '',
        lifecycleState: lifecycleState as LifecycleState,
        health: healthOf(member, statuses.get(id)),
        protectedFromScaleIn: member?.ProtectedFromScaleIn ?? false,
        launchedAt: instance.LaunchTime?.getTime() ?? at,
        imageId: instance.ImageId ?? member?.ImageId ?? '',
        templateVersion: member?.LaunchTemplate?.Version ?? tagOf(instance, 'aws:ec2launchtemplate:version') ?? '',
        purchase: instance.InstanceLifecycle === 'spot' ? 'spot' : 'on-demand',
        warm: lifecycleState.startsWith('Warmed:'),
        program: heartbeat?.program,
        takenAt: taken.get(id),
        heartbeat,
        rootVolumeTask: tasks.get(id),
      },
    ];
  });
  return {
    at,
    group: {
      name: group.AutoScalingGroupName ?? '',
      minimum: group.MinSize ?? 0,
      maximum: group.MaxSize ?? 0,
      desired: group.DesiredCapacity ?? 0,
      zones: (group.AvailabilityZones ?? []).toSorted(),
      suspended: (group.SuspendedProcesses ?? []).map(({ ProcessName = '' }) => ProcessName).sort(),
      // -1 is AWS's word for none, which means 90 to 100. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceMaintenancePolicy.html
      minimumHealthyPercent: positive(group.InstanceMaintenancePolicy?.MinHealthyPercentage) ?? 90,
      ...{ hasWarmPool, refresh },
    },
    machines,
    current: currentVersions(answers, machines),
  };
}

/** The version that a group launches; undefined where its launch template has no fixed one. */
export function templateOf({ LaunchTemplate, MixedInstancesPolicy }: AutoScalingGroup) {
  return MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification ?? LaunchTemplate;
}

function currentVersions({ group, templateImage, program }: Answers, machines: readonly Machine[]): Versions {
  const template = templateOf(group)?.Version ?? '';
  // A version names one image: its newest machine has it.
  const newest = machines
    .filter((each) => each.templateVersion === template)
    .sort((a, b) => b.launchedAt - a.launchedAt);
  return { template, image: templateImage ?? newest[0]?.imageId ?? '', program };
}

interface Strays {
  readonly detached: ReadonlySet<string>;
  readonly hasWarmPool: boolean;
  readonly pool: ReadonlyMap<string, GroupInstance> | undefined;
}

/** Of an instance that carries the group's tag and that the group does not list. */
function strayState(instance: Instance, { detached, hasWarmPool, pool }: Strays): string | undefined {
  if (detached.has(instance.InstanceId ?? '')) return 'Detached';
  const state = instance.State?.Name;
  // It left the group while the two were asked.
  if (state === 'shutting-down' || state === 'terminated') return undefined;
  if (hasWarmPool && pool === undefined)
    return state === 'stopped' || state === 'stopping'
      ? 'Warmed:Stopped'
      : state === 'pending'
        ? 'Warmed:Pending'
        : 'Warmed:Running';
  // It came into the group while the two were asked.
  return state === 'pending' ? 'Pending' : undefined;
}

function healthOf(member: GroupInstance | undefined, status: InstanceStatus | undefined): Machine['health'] {
  if (status?.SystemStatus?.Status === 'impaired') return 'impaired-system';
  if (status?.InstanceStatus?.Status === 'impaired') return 'impaired-instance';
  // Auto Scaling writes it in two ways. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingInstanceDetails.html
  return (member?.HealthStatus ?? 'Healthy').toLowerCase() === 'healthy' ? 'healthy' : 'unhealthy';
}

/** Of an item of the heartbeats table; nothing of one that is of no instance. */
function readHeartbeat(item: Readonly<Record<string, AttributeValue>>): [string, Heartbeat][] {
  const id = item['instanceId']?.S ?? '';
  const at = Date.parse(item['at']?.S ?? '');
  if (!id.startsWith('i-') || Number.isNaN(at)) return [];
  const [first] = item['jobs']?.L ?? [];
  const since = timeOf(first?.M?.['since']);
  const startedAt = timeOf(item['startedAt']);
  const program = item['program']?.S;
  const job = first?.M?.['id']?.S ?? item['job']?.S;
  const failures = item['failures']?.N;
  const reason = item['reason']?.S;
  const heartbeat: Heartbeat = {
    at,
    state: (item['state']?.S ?? 'starting') as WorkerState,
    version: item['version']?.S ?? '',
    ...(job === undefined ? {} : { job }),
    ...(since === undefined ? {} : { jobSince: since }),
    ...(program === undefined ? {} : { program }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(failures === undefined ? {} : { failures: Number(failures) }),
    ...(reason === undefined ? {} : { reason }),
  };
  return [[id, heartbeat]];
}

function timeOf(value: AttributeValue | undefined): number | undefined {
  const time = value?.N === undefined ? Date.parse(value?.S ?? '') : Number(value.N);
  return Number.isNaN(time) ? undefined : time;
}

function takenAt(requests: readonly SpotInstanceRequest[]): Map<string, number> {
  return new Map(
    requests.flatMap(({ InstanceId, Status }) => {
      const since = Status?.UpdateTime?.getTime();
      return InstanceId === undefined || since === undefined ? [] : [[InstanceId, since + NOTICE_MS]];
    }),
  );
}

const TASK_STATES: Readonly<Record<string, 'succeeded' | 'failed'>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  'failed-detached': 'failed',
};

function newestTasks(tasks: readonly ReplaceRootVolumeTask[]): Map<string, NonNullable<Machine['rootVolumeTask']>> {
  const inOrder = tasks.toSorted((a, b) => ((a.StartTime ?? '') < (b.StartTime ?? '') ? -1 : 1));
  return new Map(
    inOrder.map(({ InstanceId = '', ReplaceRootVolumeTaskId: id = '', TaskState = '' }) => [
      InstanceId,
      { id, state: TASK_STATES[TaskState] ?? 'pending' },
    ]),
  );
}

function tagOf({ Tags }: Instance, key: string): string | undefined {
  return Tags?.find((tag) => tag.Key === key)?.Value;
}

function positive(value: number | undefined): number | undefined {
  return value === undefined || value < 0 ? undefined : value;
}
