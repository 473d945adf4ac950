import { persist } from './backoff.ts';
import { Drain } from './drain.ts';
import { HeartbeatWriter } from './heartbeat.ts';
import { type Log, wordsOf } from './log.ts';
import { targetState, watchNotices } from './notices.ts';
import type { AgentState, Ports } from './ports.ts';
import { ProtectionKeeper } from './protection.ts';
import { Worker } from './worker.ts';
import type { WorkerConfig } from './worker-config.ts';

const BACKOFF = { firstMs: 500, mostMs: 20_000 };

export interface AgentOptions {
  readonly ports: Ports;
  readonly config: WorkerConfig;
  readonly log: Log;
  readonly version: string;
  readonly folder: string;
}

/** One worker's life: say that it lives, take jobs, and leave without losing one. */
export class Agent {
  readonly #options: AgentOptions;
  readonly #drain: Drain;
  /** Aborted by a signal: there is nothing to stay for once drained. */
  readonly #leave = new AbortController();
  readonly #ended = new AbortController();
  readonly #worker: Worker;
  #phase: Exclude<AgentState, 'idle' | 'busy'> | 'working' = 'starting';

  constructor(options: AgentOptions) {
    const { ports, config, log, folder } = options;
    this.#options = options;
    this.#drain = new Drain(ports.clock);
    const { giveUp, started: draining } = this.#drain;
    this.#worker = new Worker({ ports, config, log, folder, giveUp, draining });
  }

  /** SIGTERM or SIGINT: the first lets the job end within the limit, the second gives it back at once. */
  signal(): void {
    const { ports, config } = this.#options;
    const again = this.#leave.signal.aborted;
    this.#leave.abort();
    this.#drain.request('signal', again ? 0 : ports.clock.now() + config.drainSeconds * 1000);
  }

  /** Resolves when the agent is done: after a signal, never before. */
  async run(): Promise<void> {
    const { ports, log, config, version } = this.#options;
    const { started } = this.#drain;
    const instanceId = await this.#persist('instance id', async () => {
      const id = await ports.metadata.get('meta-data/instance-id');
      if (id === undefined) throw new Error('the metadata service knows no instance id');
      return id;
    });
    if (instanceId === undefined) return;
    const heart = new HeartbeatWriter({
      ...{ ports, log, instanceId, version, everySeconds: config.heartbeats.everySeconds },
      look: () => ({ state: this.#state(), job: this.#worker.current?.id }),
    });
    await heart.first(started);
    const background = [
      heart.run(this.#ended.signal),
      watchNotices(
        { ...ports, log, drain: this.#drain, pollSeconds: config.pollSeconds, onRebalance: config.onRebalance },
        this.#ended.signal,
      ),
    ];
    await this.#enterService(instanceId, heart);
    if (!started.aborted) await this.#work(instanceId, heart, background);
    await this.#finish(instanceId, heart);
    this.#ended.abort();
    await Promise.all(background);
    log('info', 'stopped');
  }

  #state(): AgentState {
    if (this.#phase !== 'working') return this.#phase;
    return this.#worker.current === undefined ? 'idle' : 'busy';
  }

  /** In service after the first heartbeat. An instance of a warm pool is ready, and takes no jobs before it leaves the pool. */
  async #enterService(instanceId: string, heart: HeartbeatWriter): Promise<void> {
    const { ports, log, config } = this.#options;
    for (let completed: string | undefined; !this.#drain.started.aborted; ) {
      const target = await this.#persist(
        'lifecycle state',
        async () => (await targetState(ports.metadata)) ?? 'InService',
      );
      if (target === undefined) return;
      if (target === 'Terminated') {
        this.#drain.request('terminating', Infinity);
        return;
      }
      if (target !== completed) {
        const answer = await this.#persist('launching hook', () =>
          ports.group.complete(config.hooks.launching, instanceId),
        );
        // Without an action, this is another start of the process on an instance in service.
        log('info', 'ready', { instanceId, target, hook: answer });
        completed = target;
      }
      if (!completed.startsWith('Warmed:')) return;
      this.#phase = 'warm';
      await this.#tell(heart);
      await ports.clock.sleep(config.pollSeconds * 1000, this.#drain.started);
    }
  }

  async #work(instanceId: string, heart: HeartbeatWriter, background: Promise<void>[]): Promise<void> {
    const { ports, log, config } = this.#options;
    this.#phase = 'working';
    const consumption = ports.queue.consume(this.#worker.handle);
    const { afterSeconds, idleSeconds, collectSeconds } = config.protection;
    const keeper = new ProtectionKeeper({
      ...{ ports, log, instanceId, collectSeconds, thresholds: { afterSeconds, idleSeconds } },
    });
    background.push(this.#protect(keeper));
    await aborted(this.#drain.started);
    this.#phase = 'draining';
    log('info', 'draining', { reason: this.#drain.reason, job: this.#worker.current?.id });
    const drained = new AbortController();
    background.push(this.#prolong(instanceId, drained.signal));
    await Promise.all([consumption.stop(), this.#tell(heart)]);
    drained.abort();
  }

  /** Until the drain: an instance on its way out is refused protection. */
  async #protect(keeper: ProtectionKeeper): Promise<void> {
    const { ports, config } = this.#options;
    const { started } = this.#drain;
    while (!started.aborted) {
      const { current, idleSince } = this.#worker;
      await keeper.look({ busySince: current?.since, idleSince }, started);
      await ports.clock.sleep(config.pollSeconds * 1000, started);
    }
  }

  /** Asks the terminating hook for more time while the last job runs. The hook may come after the drain began. */
  async #prolong(instanceId: string, signal: AbortSignal): Promise<void> {
    const { ports, config, log } = this.#options;
    const { terminating, terminatingHeartbeatSeconds } = config.hooks;
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      await ports.clock.sleep((terminatingHeartbeatSeconds * 1000) / 3, signal);
      if (isOver() || (await targetState(ports.metadata).catch(() => undefined)) !== 'Terminated') continue;
      await ports.group
        .prolong(terminating, instanceId)
        .catch((error: unknown) => log('warn', 'terminating hook not prolonged', { why: wordsOf(error) }));
    }
  }

  /** Nothing is under way. Lets a termination go on, and stays until a signal: a restarted process would only drain again. */
  async #finish(instanceId: string, heart: HeartbeatWriter): Promise<void> {
    const { ports, config, log } = this.#options;
    this.#phase = 'drained';
    await this.#tell(heart);
    const { signal } = this.#leave;
    for (let completed = false; ; ) {
      const target = await targetState(ports.metadata).catch(() => undefined);
      if (target === 'Terminated' && !completed) {
        const answer = await ports.group.complete(config.hooks.terminating, instanceId).catch(wordsOf);
        completed = answer === 'done' || answer === 'no-such-action';
        log('info', 'terminating hook', { answer });
      }
      if (signal.aborted) return;
      await ports.clock.sleep(config.pollSeconds * 1000, signal);
    }
  }

  /** A change of phase is told at once, but nothing waits for it to succeed: the next beat tells it too. */
  async #tell(heart: HeartbeatWriter): Promise<void> {
    await heart
      .beat()
      .catch((error: unknown) => this.#options.log('warn', 'heartbeat failed', { why: wordsOf(error) }));
  }

  #persist<T>(what: string, attempt: () => Promise<T>): Promise<T | undefined> {
    const { ports, log } = this.#options;
    return persist(attempt, {
      ...{ clock: ports.clock, random: ports.random, backoff: BACKOFF, signal: this.#drain.started },
      onFailure: (error) => log('warn', `${what} failed; trying again`, { why: wordsOf(error) }),
    });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
