import { ModelFault } from '../../../../lib/aws-model/types.ts';
import { type Api, type FleetCloud, type GroupProcess, type LaunchFault } from '../../../../lib/fleet/cloud.ts';
import { launchFaultKind, toCloudFault } from '../../../../lib/fleet/look/faults.ts';
import type { FleetView, LifecycleState, Machine } from '../../../../lib/fleet/view.ts';
import { GROUP, type World } from './world.ts';

/** vCPU quotas of the account, as the service quotas tell them. */
const ONE = { vcpus: 2 };

/** A refusal, or a lost answer, that AWS gives to the next call of an API. */
export interface NextFault {
  readonly api: Api;
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** The effect happens all the same. */
  readonly after: boolean;
}

export interface FakeOptions {
  readonly quota?: number;
  /** Each is taken out by the call that it hits. @default - none */
  readonly faults?: NextFault[];
}

/**
 * `FleetCloud` over the model: the same calls with the same batches and faults as AWS, as `cloud-contract.ts` says it. It has no retries and
 * no clock.
 */
export function fakeCloud(world: World, { quota = 4000, faults = [] }: FakeOptions = {}): FleetCloud {
  const { model } = world;
  const { ec2, autoscaling } = model;
  const name = { AutoScalingGroupName: GROUP };

  const call = <T>(api: Api, action: string, input: object, work: () => T): T => {
    try {
      model.call(action as 'ec2:RunInstances', 'tandem', input);
      const at = faults.findIndex((each) => each.api === api);
      const [fault] = at < 0 ? [] : faults.splice(at, 1);
      const result = fault === undefined || fault.after ? work() : undefined;
      if (fault !== undefined) throw new ModelFault(fault.code, fault.message, fault.status);
      return result as T;
    } catch (error) {
      if (!(error instanceof ModelFault)) throw error;
      const { code: name, message, status: httpStatusCode } = error;
      throw toCloudFault(api, { name, message, $metadata: { httpStatusCode } });
    }
  };
  const describe = <T>(action: string, input: object, work: () => T): T => call('DescribeFleet', action, input, work);

  const instances = () => {
    const input = { Filters: [{ Name: 'tag:Name', Values: [GROUP] }], MaxResults: 1000 };
    return describe('ec2:DescribeInstances', input, () => ec2.describeInstances(input)).Reservations.flatMap(
      ({ Instances }) => Instances,
    );
  };
  const groupNow = () => {
    const input = { AutoScalingGroupNames: [GROUP] };
    const [group] = describe('autoscaling:DescribeAutoScalingGroups', input, () =>
      autoscaling.describeAutoScalingGroups(input),
    ).AutoScalingGroups;
    if (group === undefined) throw new Error('there is no group');
    return group;
  };

  const refreshNow = (): string | undefined => {
    const [newest] = describe('autoscaling:DescribeInstanceRefreshes', name, () =>
      autoscaling.describeInstanceRefreshes(name),
    ).InstanceRefreshes;
    return newest?.EndTime === undefined ? newest?.InstanceRefreshId : undefined;
  };

  const look = (detached: readonly string[]): FleetView => {
    const group = groupNow();
    const pool =
      group.WarmPoolConfiguration === undefined
        ? []
        : describe('autoscaling:DescribeWarmPool', name, () => autoscaling.describeWarmPool(name)).Instances;
    const members = new Map([...group.Instances, ...pool].map((each) => [each.InstanceId, each]));
    const statusInput = { MaxResults: 1000, Filters: [] };
    const impaired = new Map<string, Machine['health']>(
      describe('ec2:DescribeInstanceStatus', statusInput, () =>
        ec2.describeInstanceStatus(statusInput),
      ).InstanceStatuses.flatMap((each): (readonly [string, Machine['health']])[] =>
        each.SystemStatus.Status === 'impaired'
          ? [[each.InstanceId, 'impaired-system']]
          : each.InstanceStatus.Status === 'impaired'
            ? [[each.InstanceId, 'impaired-instance']]
            : [],
      ),
    );
    const taskInput = { MaxResults: 1000 };
    const tasks = new Map(
      describe('ec2:DescribeReplaceRootVolumeTasks', taskInput, () =>
        ec2.describeReplaceRootVolumeTasks(taskInput),
      ).ReplaceRootVolumeTasks.map((task) => [task.InstanceId, task]),
    );
    const out = new Set(detached);
    const machines = instances().flatMap((instance): Machine[] => {
      const { InstanceId: id } = instance;
      const member = members.get(id);
      if (member === undefined && !out.has(id)) return [];
      const heartbeat = world.heartbeats.get(id);
      const task = tasks.get(id);
      const lifecycleState = (member?.LifecycleState ?? 'Detached') as LifecycleState;
      return [
        {
          ...{ id, zone: instance.Placement.AvailabilityZone, type: instance.InstanceType, lifecycleState },
          state: instance.State.Name,
          health: member?.HealthStatus === 'Unhealthy' ? 'unhealthy' : (impaired.get(id) ?? 'healthy'),
          protectedFromScaleIn: member?.ProtectedFromScaleIn ?? false,
          launchedAt: instance.LaunchTime,
          imageId: instance.ImageId,
          templateVersion: member?.LaunchTemplate?.Version ?? '1',
          purchase: instance.InstanceLifecycle ?? 'on-demand',
          warm: lifecycleState.startsWith('Warmed'),
          program: heartbeat?.program,
          takenAt: world.takenAt.get(id),
          heartbeat,
          ...(task === undefined
            ? {}
            : { rootVolumeTask: { id: task.ReplaceRootVolumeTaskId, state: taskState(task.TaskState) } }),
        },
      ];
    });
    const template = group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification?.Version ?? '1';
    const [version] = ec2.describeLaunchTemplateVersions({
      LaunchTemplateName: GROUP,
      Versions: [template],
    }).LaunchTemplateVersions;
    return {
      at: model.now,
      machines,
      group: {
        ...{ name: GROUP, minimum: group.MinSize, maximum: group.MaxSize, desired: group.DesiredCapacity },
        zones: group.AvailabilityZones,
        suspended: group.SuspendedProcesses.map(({ ProcessName }) => ProcessName),
        minimumHealthyPercent: group.InstanceMaintenancePolicy?.MinHealthyPercentage ?? 90,
        hasWarmPool: group.WarmPoolConfiguration !== undefined,
        refresh: refreshNow(),
      },
      current: { template, image: version?.LaunchTemplateData.ImageId ?? '', program: world.programVersion },
    };
  };

  return {
    look: async (detached = []) => look(detached),
    async launchFaults(since) {
      const { Activities } = describe('autoscaling:DescribeScalingActivities', name, () =>
        autoscaling.describeScalingActivities(name),
      );
      return Activities.flatMap((each): LaunchFault[] => {
        const { StatusCode, StatusMessage: message = '', StartTime: at, Details } = each;
        if (StatusCode !== 'Failed' || at < since || !each.Description.startsWith('Launching')) return [];
        return [{ at, message, kind: launchFaultKind(message), zone: zoneOf(Details) }];
      });
    },
    async headroom() {
      const { Subnets } = describe('ec2:DescribeSubnets', {}, () => ec2.describeSubnets({}));
      const running = instances().filter(({ State }) => State.Name === 'running' || State.Name === 'pending').length;
      return {
        instances: Math.floor(quota / ONE.vcpus) - running,
        addresses: Object.fromEntries(Subnets.map((each) => [each.AvailabilityZone, each.AvailableIpAddressCount])),
      };
    },
    async queues() {
      const { waiting, running, dead } = world.queue.account();
      return [{ name: 'jobs', waiting, running, oldestSeconds: 0, deadLetters: dead }];
    },
    observed: async () => ({ boots: world.boots, reboots: world.reboots, jobs: world.jobSeconds }),
    command: async (ids, command) =>
      call('SendCommand', 'ssm:SendCommand', {}, () => world.command(atMost(ids, 50), command)),
    async reboot(ids) {
      const input = { InstanceIds: atMost(ids, 100) };
      call('RebootInstances', 'ec2:RebootInstances', input, () => ec2.rebootInstances(input));
    },
    async replaceRootVolume(id, token, image) {
      const input = { InstanceId: id, ClientToken: token, ImageId: image, DeleteReplacedRootVolume: true };
      call('CreateReplaceRootVolumeTask', 'ec2:CreateReplaceRootVolumeTask', input, () =>
        ec2.createReplaceRootVolumeTask(input),
      );
    },
    async detach(ids, decrement) {
      const left = members();
      const there = atMost(ids, 20).filter((id) => left.has(id));
      const input = { ...name, InstanceIds: there, ShouldDecrementDesiredCapacity: decrement };
      if (there.length > 0)
        call('DetachInstances', 'autoscaling:DetachInstances', input, () => autoscaling.detachInstances(input));
    },
    async terminate(ids) {
      const known = new Set(instances().map(({ InstanceId }) => InstanceId));
      const input = { InstanceIds: atMost(ids, 100).filter((id) => known.has(id)) };
      if (input.InstanceIds.length > 0)
        call('TerminateInstances', 'ec2:TerminateInstances', input, () => ec2.terminateInstances(input));
    },
    async terminateInGroup(id, decrement) {
      if (!members().has(id)) return;
      const input = { InstanceId: id, ShouldDecrementDesiredCapacity: decrement };
      call('TerminateInstanceInAutoScalingGroup', 'autoscaling:TerminateInstanceInAutoScalingGroup', input, () =>
        autoscaling.terminateInstanceInAutoScalingGroup(input),
      );
    },
    async markUnhealthy(id) {
      const input = { InstanceId: id, HealthStatus: 'Unhealthy' };
      call('SetInstanceHealth', 'autoscaling:SetInstanceHealth', input, () => autoscaling.setInstanceHealth(input));
    },
    async setDesired(desired) {
      const input = { ...name, DesiredCapacity: desired };
      call('SetDesiredCapacity', 'autoscaling:SetDesiredCapacity', input, () => autoscaling.setDesiredCapacity(input));
    },
    async suspend(processes) {
      change('SuspendProcesses', processes);
    },
    async resume(processes) {
      change('ResumeProcesses', processes);
    },
  };

  /** Those that did not begin to leave. */
  function members(): ReadonlySet<string> {
    const stays = groupNow().Instances.filter(({ LifecycleState }) => !/^(Detach|Terminat)/.test(LifecycleState));
    return new Set(stays.map(({ InstanceId }) => InstanceId));
  }

  function change(api: 'SuspendProcesses' | 'ResumeProcesses', processes: readonly GroupProcess[]): void {
    const input = { ...name, ScalingProcesses: processes };
    call(api, `autoscaling:${api}`, input, () =>
      api === 'SuspendProcesses' ? autoscaling.suspendProcesses(input) : autoscaling.resumeProcesses(input),
    );
  }
}

function atMost(ids: readonly string[], most: number): readonly string[] {
  if (ids.length > most) throw new RangeError(`${ids.length} ids, at most ${most}`);
  return ids;
}

function zoneOf(details: string): string | undefined {
  return /"Availability Zone"\s*:\s*"([^"]+)"/.exec(details)?.[1];
}

function taskState(state: string): 'pending' | 'succeeded' | 'failed' {
  if (state === 'succeeded') return 'succeeded';
  return state.startsWith('fail') ? 'failed' : 'pending';
}
