import { modelOf } from '../../../../lab/aws/model/model.ts';
import { commandStore } from '../../../../lab/aws/ssm/command-store.ts';
import { ACCOUNT, GROUP, REGION, type TestCluster } from './cluster.ts';

/** The workers of a cluster at the endpoint: they send heartbeats while their instance is up, and do what Run Command tells them. */
export class SimulatedAgents {
  /** Version of the program that a worker gets that starts now. */
  program = '1.2.0';
  /** Programs of which every job fails: two in a row so far, before the breaker of their agent opens. */
  readonly broken = new Set<string>();
  readonly #cluster: TestCluster;
  readonly #down = new Set<string>();
  readonly #stopped = new Set<string>();
  readonly #programs = new Map<string, string>();
  readonly #obeyed = new Set<string>();
  readonly #realm;
  #timer: NodeJS.Timeout | undefined;

  constructor(cluster: TestCluster) {
    this.#cluster = cluster;
    this.#realm = cluster.lab.endpoint.state.realm(ACCOUNT, REGION);
    modelOf(this.#realm).onEvent((event) => {
      if (event.type === 'instance-down') this.#down.add(event.instanceId);
      if (event.type === 'instance-booted') this.#up(event.instanceId);
    });
  }

  start(): void {
    this.#timer = setInterval(() => void this.beat().catch(() => undefined), 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What each says now. */
  async beat(): Promise<void> {
    const { clock } = this.#cluster;
    this.#obey();
    for (const id of this.members()) {
      if (this.#down.has(id)) continue;
      const program = this.#programs.get(id) ?? this.program;
      this.#programs.set(id, program);
      const state = this.#stopped.has(id) ? 'drained' : 'idle';
      const failures = this.broken.has(program) ? 2 : 0;
      await this.#cluster.say(id, { at: clock.now(), state, version: '0.3.0', program, failures });
    }
  }

  /** Ids of the group's instances that are in service. */
  members(): string[] {
    const asked = { AutoScalingGroupNames: [GROUP] };
    const [group] = modelOf(this.#realm).autoscaling.describeAutoScalingGroups(asked).AutoScalingGroups;
    return (group?.Instances ?? []).flatMap(({ InstanceId, LifecycleState }) =>
      LifecycleState === 'InService' ? [InstanceId] : [],
    );
  }

  suspended(): string[] {
    const asked = { AutoScalingGroupNames: [GROUP] };
    const [group] = modelOf(this.#realm).autoscaling.describeAutoScalingGroups(asked).AutoScalingGroups;
    return (group?.SuspendedProcesses ?? []).map(({ ProcessName }) => ProcessName);
  }

  #up(id: string): void {
    this.#down.delete(id);
    this.#stopped.delete(id);
    this.#programs.set(id, this.program);
  }

  #obey(): void {
    for (const { id, comment, instances } of commandStore(this.#realm).values()) {
      if (this.#obeyed.has(id)) continue;
      this.#obeyed.add(id);
      for (const instance of instances)
        if (comment.includes('start')) this.#up(instance);
        else this.#stopped.add(instance);
    }
  }
}
