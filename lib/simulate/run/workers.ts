import type { AwsModel } from '../../aws-model/model.ts';
import { draw, drawMs, type RandomState } from '../../aws-model/random.ts';
import { schedule, type TimelineState, takeDue } from '../../aws-model/timeline.ts';
import type { ModelEvent, Spread } from '../../aws-model/types.ts';
import type { FleetDefinition } from '../fleet/definition.ts';
import type { Jobs } from './jobs.ts';
import { FreeWorkers, newWorker, PROTECTION, type Worker } from './worker.ts';

type Due = { readonly worker: Worker; readonly epoch: number } & (
  | { readonly kind: 'ready' }
  | { readonly kind: 'end'; readonly job: number }
  | { readonly kind: 'protect' }
  | { readonly kind: 'release' }
  | { readonly kind: 'heartbeat' }
);

export interface WorkerTraits {
  readonly random: RandomState;
  /** Jobs that each does at once. */
  readonly slots: number;
  /** From the boot until it is ready. */
  readonly start: Spread;
}

/** Time-out of a hook that names none, in seconds (API reference, LifecycleHookSpecification). */
const HOOK_SECONDS = 3600;

/**
 * The workers of a fleet, as the agent behaves (packages/worker-agent): ready a little after the boot, one job a slot, protected while a
 * job is long, drained by the terminating hook and by Spot's notice. What runs on an instance that goes down is lost, and comes back.
 */
export class Workers {
  inService = 0;
  readonly #model: AwsModel;
  readonly #group: string;
  /** Between two signs of life of one that drains. */
  readonly #heartbeatMs: number;
  readonly #jobs: Jobs;
  readonly #traits: WorkerTraits;
  readonly #all = new Map<string, Worker>();
  readonly #free = new FreeWorkers();
  readonly #timeline: TimelineState<Due> = { heap: [], sequence: 0 };

  constructor(model: AwsModel, { group }: FleetDefinition, jobs: Jobs, traits: WorkerTraits) {
    this.#model = model;
    this.#group = group.AutoScalingGroupName;
    const terminating = group.LifecycleHookSpecificationList?.find(({ LifecycleTransition }) =>
      LifecycleTransition.endsWith('TERMINATING'),
    );
    this.#heartbeatMs = ((terminating?.HeartbeatTimeout ?? HOOK_SECONDS) * 1000) / 3;
    this.#jobs = jobs;
    this.#traits = traits;
    model.onEvent((event) => {
      this.#hear(event);
    });
  }

  nextAt(): number {
    return this.#timeline.heap[0]?.at ?? Infinity;
  }

  /** Does what is due, and gives waiting jobs to those who have a slot free. */
  work(): void {
    const { now } = this.#model;
    for (let due = takeDue(this.#timeline, now); due !== undefined; due = takeDue(this.#timeline, now))
      if (due.timer.epoch === due.timer.worker.epoch) this.#do(due.timer);
    while (this.#jobs.waiting > 0) {
      const worker = this.#free.pick(draw(this.#traits.random, 'choice'));
      if (worker === undefined) return;
      this.#start(worker);
    }
  }

  #hear(event: ModelEvent): void {
    if (!('instanceId' in event)) return;
    const worker = this.#workerOf(event.instanceId);
    if (event.type === 'instance-booted') {
      this.#after(drawMs(this.#traits.random, 'boot', this.#traits.start), {
        kind: 'ready',
        worker,
        epoch: worker.epoch,
      });
    } else if (event.type === 'instance-down') this.#lose(worker);
    else if (event.type === 'spot-interruption') this.#drain(worker);
    else if (event.type === 'lifecycle-action') {
      if (event.transition.endsWith('LAUNCHING')) {
        worker.launching = event.hook;
        if (worker.isReady) this.#launched(worker);
      } else {
        worker.terminating = event.hook;
        this.#drain(worker);
        this.#heartbeat(worker);
      }
    } else if (event.type === 'lifecycle-state') {
      const isInService = event.state === 'InService';
      if (isInService !== worker.isInService) this.inService += isInService ? 1 : -1;
      worker.isInService = isInService;
      if (isInService) this.#idle(worker);
      if (event.state === 'Terminated') this.#all.delete(worker.id);
      this.#settle(worker);
    }
  }

  #do(due: Due): void {
    const { worker } = due;
    if (due.kind === 'ready') {
      worker.isReady = true;
      this.#idle(worker);
      if (worker.launching !== undefined) this.#launched(worker);
      this.#settle(worker);
    } else if (due.kind === 'end') this.#end(worker, due.job);
    else if (due.kind === 'heartbeat') this.#heartbeat(worker);
    else if (due.kind === 'protect') {
      if (this.#oldest(worker) <= this.#model.now - PROTECTION.afterMs) this.#protect(worker, true);
    } else if (worker.jobs.size === 0 && worker.idleSince <= this.#model.now - PROTECTION.idleMs)
      this.#protect(worker, false);
  }

  #start(worker: Worker): void {
    const { now } = this.#model;
    const job = this.#jobs.take(now);
    worker.jobs.set(job, now);
    const { epoch } = worker;
    const ms = this.#jobs.milliseconds(job);
    this.#after(ms, { kind: 'end', worker, epoch, job });
    if (ms > PROTECTION.afterMs && !worker.isProtected)
      this.#after(PROTECTION.afterMs, { kind: 'protect', worker, epoch });
    this.#settle(worker);
  }

  #end(worker: Worker, job: number): void {
    worker.jobs.delete(job);
    this.#jobs.end(job, this.#model.now);
    if (worker.jobs.size === 0) this.#idle(worker);
    this.#settle(worker);
  }

  #idle(worker: Worker): void {
    worker.idleSince = this.#model.now;
    if (worker.isProtected) this.#after(PROTECTION.idleMs, { kind: 'release', worker, epoch: worker.epoch });
  }

  /** What it did is lost; after the next boot it is as new. */
  #lose(worker: Worker): void {
    for (const [job, since] of worker.jobs) this.#jobs.giveBack(job, this.#model.now - since);
    worker.jobs.clear();
    // Whatever waited for it goes on without it.
    worker.terminating = undefined;
    worker.epoch += 1;
    worker.isReady = false;
    this.#settle(worker);
  }

  #drain(worker: Worker): void {
    worker.isDraining = true;
    this.#settle(worker);
  }

  /** Whether it takes jobs, and whether what waits for its last job may go on. */
  #settle(worker: Worker): void {
    const takes = worker.isReady && worker.isInService && !worker.isDraining;
    this.#free.set(worker, takes && worker.jobs.size < this.#traits.slots);
    if (worker.terminating !== undefined && worker.jobs.size === 0) {
      const LifecycleHookName = worker.terminating;
      worker.terminating = undefined;
      this.#complete(worker, LifecycleHookName);
    }
  }

  #launched(worker: Worker): void {
    const hook = worker.launching;
    worker.launching = undefined;
    // Back from a stop, as those of a warm pool are.
    worker.isDraining = false;
    if (hook !== undefined) this.#complete(worker, hook);
  }

  #complete({ id }: Worker, LifecycleHookName: string): void {
    this.#model.autoscaling.completeLifecycleAction({
      ...{ AutoScalingGroupName: this.#group, LifecycleHookName, InstanceId: id },
      LifecycleActionResult: 'CONTINUE',
    });
  }

  /** A draining worker keeps its hook waiting while its last job runs. */
  #heartbeat(worker: Worker): void {
    if (worker.terminating === undefined) return;
    this.#model.autoscaling.recordLifecycleActionHeartbeat({
      ...{ AutoScalingGroupName: this.#group, LifecycleHookName: worker.terminating, InstanceId: worker.id },
    });
    this.#after(this.#heartbeatMs, { kind: 'heartbeat', worker, epoch: worker.epoch });
  }

  /** One that is on its way out is refused it. */
  #protect(worker: Worker, ProtectedFromScaleIn: boolean): void {
    if (worker.isProtected === ProtectedFromScaleIn || !worker.isInService || worker.isDraining) return;
    worker.isProtected = ProtectedFromScaleIn;
    this.#model.autoscaling.setInstanceProtection({
      ...{ AutoScalingGroupName: this.#group, InstanceIds: [worker.id], ProtectedFromScaleIn },
    });
  }

  #oldest(worker: Worker): number {
    let oldest = Infinity;
    for (const since of worker.jobs.values()) oldest = Math.min(oldest, since);
    return oldest;
  }

  #after(ms: number, due: Due): void {
    schedule(this.#timeline, this.#model.now + ms, due);
  }

  #workerOf(id: string): Worker {
    let worker = this.#all.get(id);
    if (worker === undefined) {
      worker = newWorker(id);
      this.#all.set(id, worker);
    }
    return worker;
  }
}
