import { readFileSync, writeFileSync } from 'node:fs';
import type {
  Clock,
  Downloads,
  FleetGroup,
  Heartbeat,
  HeartbeatTable,
  HookAnswer,
  JobEnd,
  JobQueue,
  JobStart,
  JobStates,
  Metadata,
  Metric,
  MetricSink,
  Peer,
  ProcessEnd,
  ProcessRunner,
  ProcessSpec,
  Protection,
  QueueMessage,
  ResultStore,
} from '../../../packages/worker-agent/src/ports.ts';
import { MissingObject } from '../../../packages/worker-agent/src/ports.ts';

/** A clock that stands still until it is told to move. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 10, 21);
  readonly #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((wake) => {
      this.#sleepers.push({ at: this.#now + milliseconds, wake });
      signal?.addEventListener('abort', () => wake(), { once: true });
    });
  }

  /** Moves on, and lets everything that waited for a moment in between run at that moment. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    for (;;) {
      await settle();
      this.#sleepers.sort((a, b) => a.at - b.at);
      const next = this.#sleepers[0];
      if (next === undefined || next.at > until) break;
      this.#sleepers.shift();
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = until;
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class FakeMetadata implements Metadata {
  readonly values = new Map<string, string>();

  async get(path: string): Promise<string | undefined> {
    return this.values.get(path);
  }
}

interface FakeMessage {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  anew: number;
  receives: number;
  visibleAt: number;
}

/** Messages are visible in the order of their sending; what is received is hidden, and comes back. */
export class FakeQueue implements JobQueue {
  readonly messages: FakeMessage[] = [];
  readonly deadLetters: FakeMessage[] = [];
  /** Every change of visibility, and what was sent anew, as `id seconds`. */
  readonly hidden: string[] = [];
  readonly anew: string[] = [];
  readonly deleted: string[] = [];
  readonly #clock: FakeClock;
  readonly #visibilitySeconds: number;
  readonly #maximumReceives: number;
  readonly #waiting = new Set<() => void>();

  constructor(clock: FakeClock, visibilitySeconds = 30, maximumReceives = 1000) {
    this.#clock = clock;
    this.#visibilitySeconds = visibilitySeconds;
    this.#maximumReceives = maximumReceives;
  }

  send(id: string, body: string): void {
    const now = this.#clock.now();
    this.#add({ id, body, sentAt: now, anew: 0, receives: 0, visibleAt: now });
  }

  #add(message: FakeMessage): void {
    this.messages.push(message);
    for (const wake of [...this.#waiting]) wake();
  }

  async receive(waitSeconds: number, signal: AbortSignal): Promise<QueueMessage | undefined> {
    const until = this.#clock.now() + waitSeconds * 1000;
    for (;;) {
      if (signal.aborted) return undefined;
      const now = this.#clock.now();
      const next = this.messages.find(({ visibleAt }) => visibleAt <= now);
      if (next !== undefined && next.receives >= this.#maximumReceives) {
        this.deadLetters.push(...this.messages.splice(this.messages.indexOf(next), 1));
        continue;
      }
      if (next !== undefined) {
        next.receives += 1;
        next.visibleAt = now + this.#visibilitySeconds * 1000;
        return { ...next, receipt: `${next.id} ${next.receives}` };
      }
      if (now >= until) return undefined;
      await this.#change(Math.min(until, ...this.messages.map(({ visibleAt }) => visibleAt)) - now, signal);
    }
  }

  /** Resolves after so long, when there is something new, or when the signal is aborted. */
  async #change(milliseconds: number, signal: AbortSignal): Promise<void> {
    const arrived = Promise.withResolvers<undefined>();
    const wake = (): void => arrived.resolve(undefined);
    this.#waiting.add(wake);
    await Promise.race([this.#clock.sleep(milliseconds, signal), arrived.promise]);
    this.#waiting.delete(wake);
  }

  #find({ receipt }: QueueMessage): FakeMessage | undefined {
    return this.messages.find(({ id, receives }) => receipt === `${id} ${receives}`);
  }

  async hide(message: QueueMessage, seconds: number): Promise<void> {
    const found = this.#find(message);
    if (found === undefined) throw new Error('the receipt is out of date');
    found.visibleAt = this.#clock.now() + seconds * 1000;
    this.hidden.push(`${message.id} ${seconds}`);
    for (const wake of [...this.#waiting]) wake();
  }

  async delete(message: QueueMessage): Promise<void> {
    const found = this.#find(message);
    if (found === undefined) return;
    this.messages.splice(this.messages.indexOf(found), 1);
    this.deleted.push(message.id);
  }

  async sendAnew(message: QueueMessage, delaySeconds: number): Promise<void> {
    const found = this.#find(message);
    if (found !== undefined) this.messages.splice(this.messages.indexOf(found), 1);
    this.anew.push(`${message.id} ${delaySeconds}`);
    const now = this.#clock.now();
    const visibleAt = now + delaySeconds * 1000;
    this.#add({ id: message.id, body: message.body, sentAt: now, anew: message.anew + 1, receives: 0, visibleAt });
  }
}

export class FakeResults implements ResultStore {
  readonly written = new Map<string, string>();

  async has(key: string): Promise<boolean> {
    return this.written.has(key);
  }

  async putOnce(key: string, file: string): Promise<'written' | 'exists'> {
    if (this.written.has(key)) return 'exists';
    this.written.set(key, readFileSync(file, 'utf8'));
    return 'written';
  }
}

export class FakeTable implements HeartbeatTable {
  readonly items = new Map<string, Heartbeat>();
  readonly #clock: Clock;
  #board = new Map<string, Protection>();
  #flushBy = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async put(heartbeat: Heartbeat): Promise<void> {
    this.items.set(heartbeat.instanceId, heartbeat);
  }

  async peers(): Promise<readonly Peer[]> {
    return [...this.items.values()].map((item) => (item.reason === undefined ? item : { ...item, state: 'broken' }));
  }

  async wish(instanceId: string, protection: Protection, untilMs: number): Promise<boolean> {
    this.#board.set(instanceId, protection);
    if (this.#flushBy > this.#clock.now()) return false;
    this.#flushBy = this.#clock.now() + untilMs;
    return true;
  }

  async takeWishes(): Promise<Readonly<Record<Protection, readonly string[]>>> {
    const board = this.#board;
    this.#board = new Map();
    this.#flushBy = 0;
    const ids = (kind: Protection): string[] => [...board].flatMap(([id, wish]) => (wish === kind ? [id] : [])).sort();
    return { protect: ids('protect'), release: ids('release') };
  }
}

export class FakeGroup implements FleetGroup {
  /** Instances that wait in a hook: `hook instance`. */
  readonly actions = new Set<string>();
  readonly inService = new Set<string>();
  readonly protectedOnes = new Set<string>();
  calls = 0;

  readonly unhealthy = new Set<string>();

  async complete(hook: string, instanceId: string, result: 'CONTINUE' | 'ABANDON'): Promise<HookAnswer> {
    if (!this.actions.delete(`${hook} ${instanceId}`)) return 'no-such-action';
    if (result === 'CONTINUE') this.inService.add(instanceId);
    return 'done';
  }

  async setUnhealthy(instanceId: string): Promise<'done' | 'refused'> {
    if (!this.inService.has(instanceId)) return 'refused';
    this.unhealthy.add(instanceId);
    return 'done';
  }

  async prolong(hook: string, instanceId: string): Promise<HookAnswer> {
    return this.actions.has(`${hook} ${instanceId}`) ? 'done' : 'no-such-action';
  }

  async setProtection(instanceIds: readonly string[], protection: Protection): Promise<'done' | 'refused'> {
    this.calls += 1;
    if (instanceIds.length > 50 || instanceIds.some((id) => !this.inService.has(id))) return 'refused';
    for (const id of instanceIds) {
      if (protection === 'protect') this.protectedOnes.add(id);
      else this.protectedOnes.delete(id);
    }
    return 'done';
  }
}

export class FakeProcesses implements ProcessRunner {
  readonly runs: ProcessSpec[] = [];
  run = async (spec: ProcessSpec): Promise<ProcessEnd> => {
    this.runs.push(spec);
    return this.end(spec);
  };
  end: (spec: ProcessSpec) => ProcessEnd | Promise<ProcessEnd> = () => ({ kind: 'exit', code: 0 });
}

type FakeRecord = JobStart & { readonly state: string; readonly reason?: string; readonly failedOn: readonly string[] };

export class FakeStates implements JobStates {
  readonly items = new Map<string, FakeRecord>();

  async begin(job: JobStart): Promise<{ cancelled: boolean; failedOn: readonly string[] }> {
    const known = this.items.get(job.id);
    if (known?.state === 'cancelled') return { cancelled: true, failedOn: [] };
    const failedOn = known?.failedOn ?? [];
    this.items.set(job.id, { ...job, state: 'running', failedOn });
    return { cancelled: false, failedOn };
  }

  async isCancelled(id: string): Promise<boolean> {
    return this.items.get(id)?.state === 'cancelled';
  }

  async end(job: JobEnd): Promise<void> {
    const known = this.items.get(job.id);
    if (known?.state === 'cancelled' && job.state !== 'done' && job.state !== 'cancelled') return;
    const failedOn = new Set(job.state === 'done' ? [] : known?.failedOn);
    if (job.failedHere === true) failedOn.add(job.instanceId);
    this.items.set(job.id, { ...job, failedOn: [...failedOn] });
  }
}

export class FakeMetrics implements MetricSink {
  readonly sums = new Map<string, number>();

  async put(metrics: readonly Metric[]): Promise<void> {
    for (const { name, values } of metrics)
      for (const [value, count] of values) this.sums.set(name, (this.sums.get(name) ?? 0) + value * count);
  }
}

export class FakeDownloads implements Downloads {
  readonly objects = new Map<string, Buffer>();

  async fetch(bucket: string, key: string, file: string): Promise<void> {
    const found = this.objects.get(`${bucket}/${key}`);
    if (found === undefined) throw new MissingObject(key);
    writeFileSync(file, found);
  }
}
