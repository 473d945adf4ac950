import type { State } from '../../../lib/aws-model/context.ts';
import { AwsModel } from '../../../lib/aws-model/model.ts';
import { fromPlain } from '../../../lib/aws-model/plain.ts';
import { draw, type RandomState } from '../../../lib/aws-model/random.ts';
import { type Api, ModelFault, type ModelOptions } from '../../../lib/aws-model/types.ts';
import { launching, MINUTE, SECOND, START, terminating } from './account.ts';

const g = { AutoScalingGroupName: 'g' };
const ZONES = ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'];

/** An account in which a seed decides what is done to it. */
export class Chaos {
  readonly model: AwsModel;
  readonly #random: RandomState;

  constructor(seed: number, model?: AwsModel, random?: RandomState) {
    this.#random = random ?? { seed: seed + 1_000_000, streams: new Map() };
    if (model !== undefined) {
      this.model = model;
      return;
    }
    const options: ModelOptions = {
      seed,
      now: START,
      limits: { scale: 0.3 + 1.7 * this.#chance(), othersTake: this.#pick([0, 0.5]) },
    };
    this.model = new AwsModel(options);
    const { ec2, autoscaling } = this.model;
    ec2.createLaunchTemplate({
      LaunchTemplateName: 'lt',
      LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 'm6g.large' },
    });
    autoscaling.createAutoScalingGroup({
      ...g,
      MinSize: this.#upTo(4),
      MaxSize: 10 + this.#upTo(30),
      DesiredCapacity: 4 + this.#upTo(6),
      LaunchTemplate: { LaunchTemplateName: 'lt', Version: '1' },
      VPCZoneIdentifier: 'subnet-a,subnet-b,subnet-c',
      HealthCheckGracePeriod: this.#pick([0, 120]),
      CapacityRebalance: this.#chance() < 0.5,
      LifecycleHookSpecificationList: this.#pick([
        [],
        [launching({ HeartbeatTimeout: 300, DefaultResult: 'CONTINUE' })],
        [terminating({ HeartbeatTimeout: 300, DefaultResult: 'CONTINUE' })],
        [launching({ HeartbeatTimeout: 300 }), terminating({ HeartbeatTimeout: 60 })],
      ]),
    });
    autoscaling.enableMetricsCollection({ ...g, Granularity: '1Minute', Metrics: ['GroupDesiredCapacity'] });
  }

  /** The same from here on, by a snapshot. */
  fork(): Chaos {
    const random = structuredClone(this.#random);
    return new Chaos(0, AwsModel.restore(JSON.parse(JSON.stringify(this.model.snapshot())) as object), random);
  }

  get state(): State {
    return fromPlain(this.model.snapshot()) as State;
  }

  /** Does one thing, as likely to be refused as not, and lets a while pass. */
  step(): void {
    const name = this.#pick(Object.keys(this.#operations) as (keyof Chaos['operations'])[]);
    try {
      this.#operations[name]();
    } catch (error) {
      if (!(error instanceof ModelFault)) throw error;
    }
    this.model.advanceTo(this.model.now + Math.round(this.#chance() * 2 * MINUTE));
  }

  get operations() {
    return this.#operations;
  }

  readonly #operations = {
    desire: () => this.model.autoscaling.setDesiredCapacity({ ...g, DesiredCapacity: this.#upTo(40) }),
    resize: () =>
      this.model.autoscaling.updateAutoScalingGroup({ ...g, MinSize: this.#upTo(5), MaxSize: 10 + this.#upTo(30) }),
    terminate: () =>
      this.#call('ec2:TerminateInstances', { InstanceIds: this.#machines() }, (input) =>
        this.model.ec2.terminateInstances(input),
      ),
    reboot: () =>
      this.#call('ec2:RebootInstances', { InstanceIds: this.#machines() }, (input) =>
        this.model.ec2.rebootInstances(input),
      ),
    stop: () =>
      this.#call('ec2:StopInstances', { InstanceIds: this.#machines() }, (input) =>
        this.model.ec2.stopInstances(input),
      ),
    start: () =>
      this.#call('ec2:StartInstances', { InstanceIds: this.#machines() }, (input) =>
        this.model.ec2.startInstances(input),
      ),
    root: () => this.model.ec2.createReplaceRootVolumeTask({ InstanceId: this.#machines()[0] ?? '' }),
    run: () =>
      this.#call('ec2:RunInstances', { MinCount: 1, MaxCount: 1 + this.#upTo(4) }, (input) =>
        this.model.ec2.runInstances({ ...input, LaunchTemplate: { LaunchTemplateName: 'lt' }, SubnetId: 'subnet-b' }),
      ),
    attach: () => this.model.autoscaling.attachInstances({ ...g, InstanceIds: this.#machines() }),
    detach: () =>
      this.model.autoscaling.detachInstances({
        ...g,
        InstanceIds: this.#members(),
        ShouldDecrementDesiredCapacity: this.#chance() < 0.5,
      }),
    standby: () =>
      this.model.autoscaling.enterStandby({
        ...g,
        InstanceIds: this.#members(),
        ShouldDecrementDesiredCapacity: this.#chance() < 0.5,
      }),
    back: () => this.model.autoscaling.exitStandby({ ...g, InstanceIds: this.#members('Standby') }),
    protect: () =>
      this.model.autoscaling.setInstanceProtection({
        ...g,
        InstanceIds: this.#members(),
        ProtectedFromScaleIn: this.#chance() < 0.5,
      }),
    sicken: () =>
      this.model.autoscaling.setInstanceHealth({ InstanceId: this.#members()[0] ?? '', HealthStatus: 'Unhealthy' }),
    end: () =>
      this.model.autoscaling.terminateInstanceInAutoScalingGroup({
        InstanceId: this.#members()[0] ?? '',
        ShouldDecrementDesiredCapacity: this.#chance() < 0.5,
      }),
    impair: () => this.model.world.impair(this.#machines()[0] ?? '', this.#pick(['system', 'instance', undefined])),
    rebalance: () => this.model.world.recommendRebalance(this.#members()),
    shortage: () =>
      this.model.world.setCapacity({
        zone: this.#pick(ZONES),
        available: this.#pick([0, 2, Number.POSITIVE_INFINITY]),
      }),
    suspend: () =>
      this.model.autoscaling.suspendProcesses({
        ...g,
        ScalingProcesses: [this.#pick(['Launch', 'Terminate', 'HealthCheck', 'AZRebalance', 'ReplaceUnhealthy'])],
      }),
    resume: () => this.model.autoscaling.resumeProcesses(g),
    pool: () =>
      this.model.autoscaling.putWarmPool({
        ...g,
        MaxGroupPreparedCapacity: this.#upTo(20),
        PoolState: this.#pick(['Stopped', 'Running', 'Hibernated']),
        InstanceReusePolicy: { ReuseOnScaleIn: this.#chance() < 0.5 },
      }),
    noPool: () => this.model.autoscaling.deleteWarmPool({ ...g, ForceDelete: this.#chance() < 0.5 }),
    refresh: () => {
      const { LaunchTemplateVersion: made } = this.model.ec2.createLaunchTemplateVersion({
        LaunchTemplateName: 'lt',
        SourceVersion: '1',
        LaunchTemplateData: { ImageId: `ami-${this.#upTo(3)}` },
      });
      this.model.autoscaling.startInstanceRefresh({
        ...g,
        Preferences: this.#pick([
          {},
          { MinHealthyPercentage: 100 },
          { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 },
          { MinHealthyPercentage: 0 },
        ]),
        DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName: 'lt', Version: String(made.VersionNumber) } },
      });
    },
    cancel: () => this.model.autoscaling.cancelInstanceRefresh(g),
    rollBack: () => this.model.autoscaling.rollbackInstanceRefresh(g),
    complete: () => {
      for (const [id, { waits }] of this.state.autoscaling.groups.get('g')?.members ?? [])
        for (const { hook } of waits)
          this.model.autoscaling.completeLifecycleAction({
            ...g,
            LifecycleHookName: hook,
            InstanceId: id,
            LifecycleActionResult: this.#pick(['CONTINUE', 'CONTINUE', 'ABANDON']),
          });
    },
    wait: () => this.model.advanceTo(this.model.now + this.#upTo(600) * SECOND),
  };

  #call<I extends object>(api: Api, input: I, call: (input: I) => unknown): void {
    this.model.call(api, 'chaos', input);
    call(input);
  }

  /** Up to three instances of the account. */
  #machines(): string[] {
    const { Reservations } = this.model.ec2.describeInstances({});
    return this.#some(Reservations.flatMap(({ Instances }) => Instances.map(({ InstanceId }) => InstanceId)));
  }

  #members(state?: string): string[] {
    const { AutoScalingInstances } = this.model.autoscaling.describeAutoScalingInstances({});
    const members = AutoScalingInstances.filter(
      ({ LifecycleState }) => state === undefined || LifecycleState === state,
    );
    return this.#some(members.map(({ InstanceId }) => InstanceId));
  }

  #some(ids: readonly string[]): string[] {
    return ids.length === 0 ? [] : [...new Set(Array.from({ length: 1 + this.#upTo(2) }, () => this.#pick(ids)))];
  }

  #chance(): number {
    return draw(this.#random, 'choice');
  }

  #upTo(most: number): number {
    return Math.floor(this.#chance() * (most + 1));
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#chance() * items.length)] as T;
  }
}
