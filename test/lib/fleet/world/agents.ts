import type { Heartbeat } from '../../../../lib/fleet/view.ts';
import type { JobQueue } from './jobs.ts';

/** What an agent needs of the world around it. */
export interface AgentWorld {
  now(): number;
  random(): number;
  /** Calls back after so long, unless the world was wound up. */
  after(milliseconds: number, what: () => void): void;
  readonly queue: JobQueue;
  beat(instanceId: string, heartbeat: Heartbeat): void;
  /** Ends the hook that the instance waits in, if there is one. False where AWS throttled the call. */
  completeHook(instanceId: string): boolean;
  /** The state that Auto Scaling wants the instance in, as its metadata service says. */
  targetState(instanceId: string): 'InService' | 'Warmed' | 'Terminated' | undefined;
  /** Version of the program that a worker gets that starts now. */
  program(): string;
  /** Whether every job fails at once here. */
  isBroken(instanceId: string): boolean;
  /** Seconds by which the instance's clock is wrong. */
  skewSeconds(instanceId: string): number;
}

const BEAT_MS = 15_000;
const LOOK_MS = 5000;
const BREAKER = 5;

/** The worker process of one instance: beats, takes a job at a time, drains when it is told to. From start to exit. */
export class Agent {
  readonly id: string;
  readonly #world: AgentWorld;
  readonly #startedAt: number;
  readonly #program: string;
  #alive = true;
  #job: { readonly id: string; readonly since: number } | undefined;
  #draining = false;
  #failures = 0;
  #hookDone = false;

  constructor(id: string, world: AgentWorld) {
    this.id = id;
    this.#world = world;
    this.#startedAt = world.now();
    this.#program = world.program();
    this.#beat();
    world.after(world.random() * BEAT_MS, () => this.#beats());
    this.#looks();
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  get isDraining(): boolean {
    return this.#draining;
  }

  /** `systemctl stop`: the job under way ends first. */
  drain(): void {
    if (!this.#alive || this.#draining) return;
    this.#draining = true;
    if (this.#job === undefined) this.#exit();
    else this.#beat();
  }

  giveBack(): void {
    if (!this.#alive || this.#job === undefined) return;
    this.#world.queue.giveBack(this.#job.id);
    this.#job = undefined;
    if (this.#draining) this.#exit();
  }

  /** The machine goes down, or hangs: nothing is said any more. */
  kill(): void {
    this.#alive = false;
  }

  #exit(): void {
    this.#beat('drained');
    this.#alive = false;
    if (this.#world.targetState(this.id) === 'Terminated') this.#complete();
  }

  #state(): Heartbeat['state'] {
    if (this.#failures >= BREAKER) return 'broken';
    if (this.#draining) return 'draining';
    if (this.#world.targetState(this.id) === 'Warmed') return 'warm';
    return this.#job === undefined ? 'idle' : 'busy';
  }

  #beat(state: Heartbeat['state'] = this.#state()): void {
    const now = this.#world.now();
    this.#world.beat(this.id, {
      ...{ at: now + this.#world.skewSeconds(this.id) * 1000, state, version: '0.4.0', program: this.#program },
      ...{ startedAt: this.#startedAt, failures: this.#failures },
      ...(this.#job === undefined ? {} : { job: this.#job.id, jobSince: this.#job.since }),
    });
  }

  #beats(): void {
    if (!this.#alive) return;
    this.#beat();
    if (this.#job !== undefined) this.#world.queue.extend(this.#job.id, this.#world.now());
    this.#world.after(BEAT_MS, () => this.#beats());
  }

  /** Metadata for hooks, and the queue where there is no job. */
  #looks(): void {
    if (!this.#alive) return;
    const target = this.#world.targetState(this.id);
    if (!this.#hookDone && target !== 'Terminated') this.#hookDone = this.#world.completeHook(this.id);
    if (target === 'Terminated') this.drain();
    else if (target !== 'Warmed') this.#take();
    this.#world.after(LOOK_MS, () => this.#looks());
  }

  #complete(): void {
    if (!this.#world.completeHook(this.id))
      this.#world.after(2000 + this.#world.random() * 5000, () => this.#complete());
  }

  #take(): void {
    if (!this.#alive || this.#draining || this.#job !== undefined || this.#failures >= BREAKER) return;
    const { queue } = this.#world;
    const job = queue.receive(this.#world.now());
    if (job === undefined) return;
    if (this.#world.isBroken(this.id)) {
      this.#failures += 1;
      queue.giveBack(job.id, 10_000, this.#world.now());
      return;
    }
    this.#job = { id: job.id, since: this.#world.now() };
    this.#world.after(job.milliseconds, () => {
      if (!this.#alive || this.#job?.id !== job.id) return;
      this.#failures = 0;
      queue.finish(job.id);
      this.#job = undefined;
      if (this.#draining) this.#exit();
      else this.#take();
    });
  }
}
