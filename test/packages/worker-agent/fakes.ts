import { readFileSync } from 'node:fs';
import type {
  Clock,
  Consumption,
  FleetGroup,
  Handler,
  Heartbeat,
  HeartbeatTable,
  HookAnswer,
  JobQueue,
  Metadata,
  ProcessEnd,
  ProcessRunner,
  ProcessSpec,
  Protection,
  ResultStore,
  Settlement,
} from '../../../packages/worker-agent/src/ports.ts';

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

/** Deliveries are settled one by one; what is not done comes back at once, counted. */
export class FakeQueue implements JobQueue {
  readonly waiting: { readonly messageId: string; readonly body: string; receives: number }[] = [];
  readonly settled: Settlement[] = [];

  send(messageId: string, body: string): void {
    this.waiting.push({ messageId, body, receives: 0 });
  }

  consume(handle: Handler): Consumption {
    let stopped = false;
    const isStopped = (): boolean => stopped;
    let notBefore: Promise<unknown> | undefined;
    const underWay = new Set<Promise<void>>();
    const deliver = async (message: (typeof this.waiting)[number], next: () => void): Promise<void> => {
      message.receives += 1;
      const settlement = await handle({ ...message }, next);
      this.settled.push(settlement);
      if (settlement.done) return;
      this.waiting.push(message);
      notBefore = settlement.notBefore;
    };
    const loop = async (): Promise<void> => {
      while (!isStopped()) {
        const message = this.waiting.shift();
        if (message === undefined) {
          await settle();
          continue;
        }
        const fetchNext = Promise.withResolvers<undefined>();
        const settled = deliver(message, () => fetchNext.resolve(undefined)).finally(() => underWay.delete(settled));
        underWay.add(settled);
        await Promise.race([settled, fetchNext.promise]);
        while (underWay.size > 1) await Promise.race(underWay);
        await notBefore;
      }
      await Promise.all(underWay);
    };
    const running = loop();
    return {
      stop: () => {
        stopped = true;
        return running;
      },
    };
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

  async complete(hook: string, instanceId: string): Promise<HookAnswer> {
    if (!this.actions.delete(`${hook} ${instanceId}`)) return 'no-such-action';
    this.inService.add(instanceId);
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
