import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Instance } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { jobTimeoutOf, parseClusterParts } from '../../../../lib/aws-api/worker-parameter.ts';
import { vcpusBySize } from '../../../../lib/aws-model/ec2/type-names.ts';
import { bootsOf, launchFaultsOf } from '../../../../lib/fleet/look/activities.ts';
import { instancesLeft } from '../../../../lib/fleet/look/headroom.ts';
import { deadLettersOf } from '../../../../lib/fleet/look/measure.ts';
import { type Answers, readView } from '../../../../lib/fleet/look/read-view.ts';
import { AT } from './fleet.ts';

const instance = (id: string, change: Partial<Instance> = {}): Instance => ({
  InstanceId: id,
  InstanceType: 'c7g.xlarge',
  ImageId: 'ami-1',
  LaunchTime: new Date(AT - 3_600_000),
  State: { Name: 'running' },
  Placement: { AvailabilityZone: 'eu-west-3a' },
  ...change,
});
const member = (id: string, state: 'InService' | 'Pending' | 'Warmed:Stopped' = 'InService') => ({
  ...{ InstanceId: id, AvailabilityZone: 'eu-west-3a', LifecycleState: state, HealthStatus: 'Healthy' },
  ...{ ProtectedFromScaleIn: true, LaunchTemplate: { Version: '7' } },
});
const group: AutoScalingGroup = {
  ...{ AutoScalingGroupName: 'acme-prod-workers', MinSize: 1, MaxSize: 10, DesiredCapacity: 2, DefaultCooldown: 300 },
  ...{ AvailabilityZones: ['eu-west-3b', 'eu-west-3a'], HealthCheckType: 'EC2', CreatedTime: new Date(0) },
  SuspendedProcesses: [{ ProcessName: 'AZRebalance' }],
  LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '7' },
  Instances: [member('i-1')],
};
const answers: Answers = {
  ...{ at: AT, group, warm: [], instances: [instance('i-1')], statuses: [], heartbeats: [], spotRequests: [] },
  ...{ rootVolumeTasks: [], refresh: undefined, detached: [], templateImage: undefined, program: '1.2.0' },
};
const read = (change: Partial<Answers>) => readView({ ...answers, ...change }).machines;

describe('what answers say of a fleet', () => {
  it('joins what EC2, the group and the agents say', () => {
    const heartbeats = [
      {
        ...{
          instanceId: { S: 'i-1' },
          at: { S: new Date(AT - 5000).toISOString() },
          state: { S: 'busy' },
          version: { S: '0.3.0' },
        },
        ...{ program: { S: '1.2.0' }, startedAt: { S: new Date(AT - 60_000).toISOString() } },
        jobs: { L: [{ M: { id: { S: 'job-1' }, since: { S: new Date(AT - 30_000).toISOString() } } }] },
      },
      { instanceId: { S: 'protection-board' }, at: { S: new Date(AT).toISOString() } },
    ];
    const [machine] = read({ heartbeats });
    expect(machine).toEqual({
      ...{
        id: 'i-1',
        zone: 'eu-west-3a',
        type: 'c7g.xlarge',
        lifecycleState: 'InService',
        state: 'running',
        health: 'healthy',
      },
      ...{
        protectedFromScaleIn: true,
        launchedAt: AT - 3_600_000,
        imageId: 'ami-1',
        templateVersion: '7',
        purchase: 'on-demand',
      },
      ...{ warm: false, program: '1.2.0' },
      heartbeat: {
        ...{ at: AT - 5000, state: 'busy', job: 'job-1', jobSince: AT - 30_000, version: '0.3.0', program: '1.2.0' },
        startedAt: AT - 60_000,
      },
    });
  });

  it('reads heartbeats of earlier agents, with one job', () => {
    const heartbeats = [
      {
        instanceId: { S: 'i-1' },
        at: { S: new Date(AT).toISOString() },
        state: { S: 'busy' },
        job: { S: 'a' },
        version: { S: '0.2.0' },
      },
    ];
    expect(read({ heartbeats })[0]?.heartbeat).toEqual({ at: AT, state: 'busy', job: 'a', version: '0.2.0' });
  });

  it('tells of the group, and of what is launched now', () => {
    expect(readView(answers)).toMatchObject({
      group: {
        minimum: 1,
        maximum: 10,
        desired: 2,
        zones: ['eu-west-3a', 'eu-west-3b'],
        suspended: ['AZRebalance'],
        minimumHealthyPercent: 90,
        hasWarmPool: false,
      },
      current: { template: '7', image: 'ami-1', program: '1.2.0' },
    });
    expect(readView({ ...answers, templateImage: 'ami-2' }).current.image).toBe('ami-2');
  });

  it('knows whose status checks fail, whom EC2 takes, and whose root volume is being replaced', () => {
    const statuses = [
      {
        InstanceId: 'i-1',
        SystemStatus: { Status: 'impaired' as const },
        InstanceStatus: { Status: 'impaired' as const },
      },
    ];
    expect(read({ statuses })[0]?.health).toBe('impaired-system');
    const spotRequests = [{ InstanceId: 'i-1', Status: { Code: 'marked-for-termination', UpdateTime: new Date(AT) } }];
    expect(read({ spotRequests })[0]?.takenAt).toBe(AT + 120_000);
    const task = (id: string, TaskState: 'succeeded' | 'in-progress', StartTime: string) => ({
      ReplaceRootVolumeTaskId: id,
      InstanceId: 'i-1',
      TaskState,
      StartTime,
    });
    const rootVolumeTasks = [
      task('new', 'in-progress', '2026-11-28T02:00:00Z'),
      task('old', 'succeeded', '2026-11-27T02:00:00Z'),
    ];
    expect(read({ rootVolumeTasks })[0]?.rootVolumeTask).toEqual({ id: 'new', state: 'pending' });
  });

  it('has detached ones until they are gone, and none that left the group by itself', () => {
    const instances = [instance('i-1'), instance('i-2'), instance('i-3', { State: { Name: 'shutting-down' } })];
    const states = read({ instances, detached: ['i-2'] }).map(({ id, lifecycleState }) => [id, lifecycleState]);
    expect(states).toEqual([
      ['i-1', 'InService'],
      ['i-2', 'Detached'],
    ]);
    const terminated = [instance('i-2', { State: { Name: 'terminated' } })];
    expect(read({ instances: terminated, detached: ['i-2'] })).toEqual([]);
  });

  it('sees the warm pool, whether it was asked for or not', () => {
    const withPool = { ...group, WarmPoolConfiguration: { MinSize: 1 } };
    const instances = [instance('i-1'), instance('i-2', { State: { Name: 'stopped' } })];
    for (const warm of [[member('i-2', 'Warmed:Stopped')], undefined])
      expect(read({ group: withPool, instances, warm })[1]).toMatchObject({
        id: 'i-2',
        warm: true,
        lifecycleState: 'Warmed:Stopped',
      });
  });
});

describe('what activities say', () => {
  const activity = {
    ActivityId: '1',
    AutoScalingGroupName: 'g',
    Cause: '',
    StartTime: new Date(AT - 70_000),
    EndTime: new Date(AT),
  };
  const description = 'Launching a new EC2 instance: i-1';
  const failed = {
    ...activity,
    Description: description,
    StatusCode: 'Failed' as const,
    StatusMessage:
      'We currently do not have sufficient c7g.xlarge capacity in the Availability Zone you requested (eu-west-3a).',
  };

  it('is how long boots take', () => {
    const done = { ...activity, Description: description, StatusCode: 'Successful' as const };
    expect(bootsOf([done, failed, { ...done, Description: 'Terminating EC2 instance: i-2' }])).toEqual([70]);
  });

  it('is why launches failed, since when it matters, and where', () => {
    expect(launchFaultsOf([failed], AT - 1000)).toEqual([
      { at: AT, kind: 'no-capacity', zone: 'eu-west-3a', message: failed.StatusMessage },
    ]);
    expect(launchFaultsOf([failed], AT + 1000)).toEqual([]);
  });
});

describe('what may still be launched', () => {
  it('counts vCPUs by the size of the type', () =>
    expect(
      ['c7g.medium', 't3.medium', 'm6g.large', 'c7g.xlarge', 'c7g.4xlarge', 'm7i.metal-24xl'].map(vcpusBySize),
    ).toEqual([1, 2, 2, 4, 16, 96]));

  it('is bound by the quota that ends first, at the shares of the group', () => {
    const mixed = (percent: number) => ({
      MixedInstancesPolicy: { InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: percent } },
    });
    const left = (percent: number, onDemand: number, spot: number) =>
      instancesLeft(mixed(percent), { onDemand: { used: 0, quota: onDemand }, spot: { used: 0, quota: spot } }, [
        'c7g.xlarge',
        'c7g.medium',
      ]);
    expect([left(100, 40, 0), left(0, 0, 40), left(50, 40, 20), left(100, 3, 0)]).toEqual([10, 10, 10, 0]);
    expect(
      instancesLeft({}, { onDemand: { used: 5, quota: undefined }, spot: { used: undefined, quota: 0 } }, []),
    ).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('what a cluster is made of', () => {
  const common = {
    cluster: 'acme-prod',
    group: 'acme-prod-workers',
    heartbeats: { table: 't', everySeconds: 15, lostAfterSeconds: 45 },
  };

  it('is in the worker configuration, of this version and of the one before', () => {
    const queues = [
      { name: 'b', url: 'u/b', priority: 1, timeoutSeconds: 7200 },
      { name: 'a', url: 'u/a', priority: 5, timeoutSeconds: 60 },
    ];
    const places = { bucket: 'b', resultsPrefix: 'results/', jobs: { table: 'j' } };
    const now = {
      format: 'tandem.worker/2',
      ...common,
      program: { kind: 'archive', version: '1.2.0' },
      queues,
      ...places,
    };
    expect(parseClusterParts(JSON.stringify(now))).toMatchObject({
      program: '1.2.0',
      queues: [{ name: 'a' }, { name: 'b' }],
      heartbeatsTable: 't',
      jobs: { table: 'j', bucket: 'b', resultsPrefix: 'results/' },
    });
    expect(jobTimeoutOf({ queues })).toBe(7200);
    const before = { format: 'tandem.worker/1', ...common, queueUrl: 'u/jobs' };
    expect(parseClusterParts(JSON.stringify(before))).toMatchObject({
      program: undefined,
      queues: [{ name: 'jobs', url: 'u/jobs' }],
    });
  });

  it.each(['', '{', '{"format":"tandem.worker/9"}'])('fails for %s', (text) =>
    expect(parseClusterParts(text)).toBeUndefined(),
  );

  it('has dead letters beside each queue', () => {
    const policy = JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:eu-west-3:111122223333:acme-dead',
      maxReceiveCount: 5,
    });
    expect(deadLettersOf('https://sqs/111122223333/acme-jobs', policy)).toBe('https://sqs/111122223333/acme-dead');
    expect(deadLettersOf('https://sqs/111122223333/acme-jobs', undefined)).toBeUndefined();
  });
});
