import { AwsModel } from '../../../../lib/aws-model/model.ts';
import { drawsFrom } from '../../../../lib/aws-model/random.ts';
import { type ModelEvent, ModelFault, type ModelOptions } from '../../../../lib/aws-model/types.ts';
import type { WorkerCommand } from '../../../../lib/fleet/cloud.ts';
import type { Heartbeat } from '../../../../lib/fleet/view.ts';
import { Agent, type AgentWorld } from './agents.ts';
import { VirtualClock } from './clock.ts';
import { JobQueue } from './jobs.ts';

export interface WorldOptions {
  readonly seed?: number;
  /** @default 20 */
  readonly machines?: number;
  /** @default - twice the machines */
  readonly maximum?: number;
  /** @default 0 */
  readonly minimum?: number;
  /** @default - none */
  readonly warmPool?: { readonly minimum: number; readonly state: 'Stopped' | 'Running' };
  /** Jobs that wait at the beginning, of half a minute to ten each. @default - ten a machine */
  readonly jobs?: number;
  /** Seconds of the shortest and of the longest job. @default [30, 600] */
  readonly jobSeconds?: readonly [number, number];
  readonly spotShare?: number;
  readonly model?: ModelOptions;
}

export const GROUP = 'acme-prod-analysis';
const START = Date.UTC(2026, 10, 28);
const COMMAND_MS = 1500;

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly what: () => void;
}

/** A cluster in virtual time: AWS by the model, an agent on each machine that has booted, a queue of jobs. */
export class World implements AgentWorld {
  readonly model: AwsModel;
  readonly clock: VirtualClock;
  readonly queue = new JobQueue();
  readonly heartbeats = new Map<string, Heartbeat>();
  readonly takenAt = new Map<string, number>();
  /** In seconds, as the fleet was observed. */
  readonly boots: number[] = [];
  readonly reboots: number[] = [];
  readonly jobSeconds: number[] = [];
  /** Machines on which every job fails at once. */
  readonly broken = new Set<string>();
  /** Machines that Systems Manager does not reach. */
  readonly unreached = new Set<string>();
  /** Machines whose worker does not come up any more. */
  readonly failing = new Set<string>();
  /** What Systems Manager told each machine. */
  readonly told = new Map<string, WorkerCommand[]>();
  readonly skews = new Map<string, number>();
  /** Share of boots after which the worker does not come up. */
  failingBoots = 0;
  /** Agents end, but the hooks of their termination are left to wait. */
  hooksHang = false;
  /** Machines of a version that fails on every job. */
  brokenPrograms = new Set<string>();
  programVersion = '1.0.0';
  /** Calls that were throttled, by caller. */
  readonly throttled = new Map<string, number>();
  readonly maximum: number;
  readonly #random: () => number;
  readonly #agents = new Map<string, Agent>();
  readonly #states = new Map<string, string>();
  readonly #hooks = new Map<string, { readonly hook: string; readonly token: string }>();
  readonly #downAt = new Map<string, number>();
  readonly #launchedAt = new Map<string, number>();
  #timers: Timer[] = [];
  #order = 0;

  constructor(options: WorldOptions = {}) {
    const { seed = 1, machines = 20, jobs = machines * 10, jobSeconds: [shortest, longest] = [30, 600] } = options;
    this.#random = drawsFrom(seed);
    this.model = new AwsModel({ seed, now: START, ...options.model });
    this.maximum = options.maximum ?? machines * 2;
    this.clock = new VirtualClock(
      () => this.model.now,
      (to) => this.advance(to),
    );
    this.model.onEvent((event) => this.#on(event));
    this.#create(machines, options);
    for (let index = 0; index < jobs; index += 1) this.send(shortest + this.#random() * (longest - shortest));
    // Until all work, and the buckets that their launch drew on are full again.
    this.advance(START + 900_000);
  }

  send(seconds: number): void {
    this.jobSeconds.push(seconds);
    this.queue.send(`job-${this.jobSeconds.length}`, seconds);
  }

  now(): number {
    return this.model.now;
  }

  random(): number {
    return this.#random();
  }

  after(milliseconds: number, what: () => void): void {
    this.#order += 1;
    push(this.#timers, { at: this.now() + milliseconds, order: this.#order, what });
  }

  /** Moves time, with all that happens in AWS and on machines until then. */
  advance(to: number): void {
    for (;;) {
      const timer = this.#timers[0];
      const event = this.model.nextEventAt() ?? Number.POSITIVE_INFINITY;
      const next = Math.min(event, timer?.at ?? Number.POSITIVE_INFINITY);
      if (next > to) break;
      this.model.advanceTo(Math.max(next, this.now()));
      while (this.#timers[0] !== undefined && this.#timers[0].at <= this.now()) pop(this.#timers)?.what();
    }
    this.model.advanceTo(to);
  }

  beat(instanceId: string, heartbeat: Heartbeat): void {
    this.heartbeats.set(instanceId, heartbeat);
  }

  completeHook(instanceId: string): boolean {
    const pending = this.#hooks.get(instanceId);
    if (this.hooksHang && pending?.hook === 'drain') return true;
    if (pending === undefined) return this.targetState(instanceId) !== 'Terminated';
    const input = {
      ...{ AutoScalingGroupName: GROUP, LifecycleHookName: pending.hook, LifecycleActionToken: pending.token },
      ...{ LifecycleActionResult: 'CONTINUE', InstanceId: instanceId },
    };
    try {
      this.model.call('autoscaling:CompleteLifecycleAction', 'agent', input);
      this.model.autoscaling.completeLifecycleAction(input);
    } catch (error) {
      if (error instanceof ModelFault && error.code === 'Throttling') return false;
      if (!(error instanceof ModelFault)) throw error;
    }
    this.#hooks.delete(instanceId);
    return true;
  }

  targetState(instanceId: string): 'InService' | 'Warmed' | 'Terminated' | undefined {
    const state = this.#states.get(instanceId) ?? '';
    if (/Terminat/.test(state)) return 'Terminated';
    return state.startsWith('Warmed') ? 'Warmed' : 'InService';
  }

  program(): string {
    return this.programVersion;
  }

  isBroken(instanceId: string): boolean {
    const program = this.heartbeats.get(instanceId)?.program ?? '';
    return this.broken.has(instanceId) || this.brokenPrograms.has(program);
  }

  skewSeconds(instanceId: string): number {
    return this.skews.get(instanceId) ?? 0;
  }

  /** As Systems Manager does it, a moment later. Gives those that it does not reach. */
  command(ids: readonly string[], command: WorkerCommand): readonly string[] {
    const reached = ids.filter((id) => !this.unreached.has(id));
    for (const id of reached) this.told.set(id, [...(this.told.get(id) ?? []), command]);
    this.after(COMMAND_MS, () => {
      for (const id of reached) {
        const agent = this.#agents.get(id);
        if (command === 'stop') agent?.drain();
        else if (command === 'give-back') agent?.giveBack();
        else if (agent?.isAlive !== true && this.isUp(id)) this.#start(id);
        else if (agent?.isAlive === true) this.#restart(id);
      }
    });
    return ids.filter((id) => this.unreached.has(id));
  }

  /** The worker hangs: it says nothing any more, and neither does its job end. */
  hang(id: string): void {
    this.#agents.get(id)?.kill();
  }

  /** Whether its worker takes or does jobs. */
  works(id: string): boolean {
    const agent = this.#agents.get(id);
    return agent?.isAlive === true && !agent.isDraining && this.isUp(id);
  }

  isUp(id: string): boolean {
    return !this.#downAt.has(id);
  }

  #start(id: string): void {
    if (this.failing.has(id) || (this.failingBoots > 0 && this.random() < this.failingBoots)) return;
    this.#agents.set(id, new Agent(id, this));
  }

  /** `systemctl start` while the old process still drains: systemd starts it after that. */
  #restart(id: string): void {
    const old = this.#agents.get(id);
    const again = (): void => {
      if (this.#agents.get(id) !== old || !this.isUp(id)) return;
      if (old?.isAlive === true) this.after(1000, again);
      else this.#start(id);
    };
    if (old?.isDraining === true) this.after(1000, again);
  }

  #on(event: ModelEvent): void {
    switch (event.type) {
      case 'instance-booted':
        this.#booted(event.instanceId);
        break;
      case 'instance-down':
        this.#agents.get(event.instanceId)?.kill();
        this.#downAt.set(event.instanceId, event.at);
        break;
      case 'instance-state':
        if (event.state === 'pending' && !this.#launchedAt.has(event.instanceId))
          this.#launchedAt.set(event.instanceId, event.at);
        if (event.state === 'shutting-down') this.#agents.get(event.instanceId)?.kill();
        break;
      case 'lifecycle-state':
        this.#states.set(event.instanceId, event.state);
        break;
      case 'lifecycle-action':
        this.#hooks.set(event.instanceId, { hook: event.hook, token: event.token });
        break;
      case 'spot-interruption':
        this.takenAt.set(event.instanceId, event.actionAt);
        this.#agents.get(event.instanceId)?.drain();
        break;
      case 'throttled':
        this.throttled.set(event.caller, (this.throttled.get(event.caller) ?? 0) + 1);
        break;
      default:
        break;
    }
  }

  #booted(id: string): void {
    const down = this.#downAt.get(id);
    const launched = this.#launchedAt.get(id);
    if (down !== undefined) this.reboots.push((this.now() - down) / 1000);
    else if (launched !== undefined) this.boots.push((this.now() - launched) / 1000);
    this.#downAt.delete(id);
    this.#start(id);
  }

  #create(machines: number, { warmPool, spotShare = 0, minimum = 0 }: WorldOptions): void {
    const { ec2, autoscaling } = this.model;
    const LaunchTemplateName = GROUP;
    ec2.createLaunchTemplate({ LaunchTemplateName, LaunchTemplateData: { ImageId: 'ami-00000000000000001' } });
    autoscaling.createAutoScalingGroup({
      AutoScalingGroupName: GROUP,
      ...{ MinSize: minimum, MaxSize: this.maximum, DesiredCapacity: machines },
      VPCZoneIdentifier: 'subnet-a,subnet-b,subnet-c',
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateName, Version: '1' },
          Overrides: [{ InstanceType: 'm7g.large' }, { InstanceType: 'm6g.large' }],
        },
        InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: 100 - spotShare },
      },
      ...{ HealthCheckGracePeriod: 0, DefaultInstanceWarmup: 0 },
      InstanceMaintenancePolicy: { MinHealthyPercentage: 90, MaxHealthyPercentage: 110 },
      LifecycleHookSpecificationList: [
        {
          LifecycleHookName: 'first-heartbeat',
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
          ...{ HeartbeatTimeout: 600, DefaultResult: 'ABANDON' },
        },
        {
          LifecycleHookName: 'drain',
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
          ...{ HeartbeatTimeout: 1200, DefaultResult: 'CONTINUE' },
        },
      ],
      Tags: [{ Key: 'Name', Value: GROUP, PropagateAtLaunch: true }],
    });
    if (warmPool !== undefined)
      autoscaling.putWarmPool({
        ...{ AutoScalingGroupName: GROUP, MinSize: warmPool.minimum, PoolState: warmPool.state },
        MaxGroupPreparedCapacity: machines + warmPool.minimum,
      });
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Timer[], timer: Timer): void {
  let at = heap.push(timer) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !before(timer, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = timer;
}

function pop(heap: Timer[]): Timer | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const [a, b] = [heap[left], heap[right]];
    const least = b !== undefined && a !== undefined && before(b, a) ? right : left;
    const child = heap[least];
    if (child === undefined || !before(child, last)) break;
    heap[at] = child;
    at = least;
  }
  heap[at] = last;
  return first;
}
