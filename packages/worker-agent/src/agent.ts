import { setMaxListeners } from 'node:events';
import { aborted } from './aborted.ts';
import { persist } from './backoff.ts';
import { watchCancels } from './cancels.ts';
import { Drain } from './drain.ts';
import { Health } from './health.ts';
import { HeartbeatWriter } from './heartbeat.ts';
import { JobLedger } from './job-ledger.ts';
import { Lane } from './lane.ts';
import { type Log, wordsOf } from './log.ts';
import { Meter } from './meter.ts';
import { targetState, watchNotices } from './notices.ts';
import { Outbox } from './outbox.ts';
import type { AgentState, JobQueue, Ports } from './ports.ts';
import type { Invoke } from './program.ts';
import { ProtectionKeeper } from './protection.ts';
import { JobSource } from './source.ts';
import { Worker } from './worker.ts';
import type { WorkerConfig } from './worker-config.ts';

const BACKOFF = { firstMs: 500, mostMs: 20_000 };

export interface AgentOptions {
  readonly ports: Ports;
  readonly config: WorkerConfig;
  readonly log: Log;
  readonly version: string;
  readonly instanceId: string;
  readonly invoke: Invoke;
  /** Where jobs have their folders. */
  readonly folder: string;
  /** Where results wait that are not stored; on the same file system. */
  readonly outboxFolder: string;
}

type Phase = Exclude<AgentState, 'idle' | 'busy' | 'broken'> | 'working';

/** One worker's life: say that it lives, take jobs, and leave without losing one. */
export class Agent {
  readonly #options: AgentOptions;
  readonly #drain: Drain;
  /** Aborted by a signal: there is nothing to stay for once drained. */
  readonly #leave = new AbortController();
  readonly #ended = new AbortController();
  readonly #meter: Meter;
  readonly #health: Health;
  readonly #heart: HeartbeatWriter;
  readonly #outbox: Outbox;
  readonly #workers: readonly Worker[];
  #phase: Phase = 'starting';

  constructor(options: AgentOptions) {
    const { ports, config, log, folder, outboxFolder, version, instanceId, invoke } = options;
    this.#options = options;
    this.#drain = new Drain(ports.clock);
    const { giveUp, started: draining } = this.#drain;
    // Each slot listens.
    for (const signal of [giveUp, draining, this.#ended.signal]) setMaxListeners(0, signal);
    this.#meter = new Meter(ports, log);
    const onChange = (): Promise<void> => this.#onHealth();
    this.#health = new Health({ ports, config, log, meter: this.#meter, instanceId, onChange });
    this.#heart = new HeartbeatWriter({
      ...{ ports, log, everySeconds: config.heartbeats.everySeconds },
      look: () => this.#look(version),
    });
    const { resultsPrefix } = config;
    this.#outbox = new Outbox({ ports, log, folder: outboxFolder, resultsPrefix, giveUp });
    const ledger = new JobLedger(ports.states, log, instanceId);
    const shared = { ports, config, log, folder, invoke, outbox: this.#outbox, ledger, health: this.#health };
    this.#workers = Array.from(
      { length: config.slots },
      () => new Worker({ ...shared, meter: this.#meter, giveUp, draining }),
    );
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
    const { ports, log, config } = this.#options;
    const { started } = this.#drain;
    await this.#heart.first(started);
    this.#outbox.resume();
    const background = [
      this.#heart.run(this.#ended.signal),
      this.#meter.run(() => this.#countBroken(), this.#ended.signal),
      watchNotices(
        { ...ports, log, drain: this.#drain, pollSeconds: config.pollSeconds, onRebalance: config.onRebalance },
        this.#ended.signal,
      ),
    ];
    const taken = () => this.#workers.flatMap((each) => each.taken);
    const { everySeconds } = config.heartbeats;
    background.push(watchCancels({ ports, log, everySeconds, taken }, this.#ended.signal));
    await this.#enterService();
    if (!started.aborted) await this.#work(background);
    await this.#finish();
    this.#ended.abort();
    await Promise.all(background);
    log('info', 'stopped');
  }

  #look(version: string) {
    const { config, instanceId } = this.#options;
    const { failures, finished, failed } = this.#health.breaker;
    const { broken } = this.#health;
    const jobs = this.#current().map(({ id, queue, since }) => ({ id, queue, since: new Date(since).toISOString() }));
    return {
      ...{ instanceId, state: this.#state(), jobs, version, program: config.program.version },
      ...{ failures, finished, failed, reason: broken?.reason },
    };
  }

  #current() {
    return this.#workers.flatMap(({ current }) => (current === undefined ? [] : [current]));
  }

  #state(): AgentState {
    if (this.#phase !== 'working') return this.#phase;
    if (this.#health.broken !== undefined) return 'broken';
    return this.#current().length === 0 ? 'idle' : 'busy';
  }

  async #onHealth(): Promise<void> {
    const { broken } = this.#health;
    await this.#heart.tell();
    if (broken?.verdict === undefined) return;
    this.#countBroken();
    void this.#meter.flush();
    if (broken.verdict === 'machine') void this.#health.tellGroup(this.#ended.signal);
  }

  #countBroken(): void {
    const { broken } = this.#health;
    if (broken === undefined) return;
    this.#meter.count('WorkerBroken');
    if (broken.verdict === 'fleet') this.#meter.count('FleetBreakerOpen');
  }

  /** In service after the first heartbeat. An instance of a warm pool is ready, and takes no jobs before it leaves the pool. */
  async #enterService(): Promise<void> {
    const { ports, log, config, instanceId } = this.#options;
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
          ports.group.complete(config.hooks.launching, instanceId, 'CONTINUE'),
        );
        // Without an action, this is another start of the process on an instance in service.
        log('info', 'ready', { instanceId, target, hook: answer });
        completed = target;
      }
      if (!completed.startsWith('Warmed:')) return;
      this.#phase = 'warm';
      await this.#heart.tell();
      await ports.clock.sleep(config.pollSeconds * 1000, this.#drain.started);
    }
  }

  async #work(background: Promise<void>[]): Promise<void> {
    const { ports, log, config, instanceId } = this.#options;
    this.#phase = 'working';
    const lanes = this.#lanes();
    const { afterSeconds, idleSeconds, collectSeconds } = config.protection;
    const keeper = new ProtectionKeeper({
      ...{ ports, log, instanceId, collectSeconds, thresholds: { afterSeconds, idleSeconds } },
    });
    background.push(this.#protect(keeper));
    await aborted(this.#drain.started);
    this.#phase = 'draining';
    log('info', 'draining', { reason: this.#drain.reason, jobs: this.#current().length });
    const drained = new AbortController();
    background.push(this.#prolong(drained.signal));
    await Promise.all([...lanes.map((lane) => lane.stop()), this.#heart.tell()]);
    await this.#outbox.idle();
    drained.abort();
  }

  #lanes(): Lane[] {
    const { ports, log, config } = this.#options;
    const queueOf = (name: string): JobQueue => {
      const queue = ports.queues.get(name);
      if (queue === undefined) throw new Error(`no queue '${name}'`);
      return queue;
    };
    const sources = config.queues.map((each) => ({ config: each, queue: queueOf(each.name) }));
    const { clock, random } = ports;
    return this.#workers.map(({ handle }) => {
      const source = new JobSource({ sources, clock, random, log });
      return new Lane({
        ...{ clock, random, log, handle },
        take: (stopped) => source.take(stopped),
        mayTake: (stopped) => this.#health.mayTake(stopped),
        queueOf: ({ queue }) => queueOf(queue.name),
      });
    });
  }

  /** Until the drain: an instance on its way out is refused protection. One that takes no jobs is protected no longer. */
  async #protect(keeper: ProtectionKeeper): Promise<void> {
    const { ports, config } = this.#options;
    const { started } = this.#drain;
    while (!started.aborted) {
      const since = this.#current().map((job) => job.since);
      const busySince = since.length === 0 ? undefined : Math.min(...since);
      await keeper.look({ busySince, idleSince: Math.max(...this.#workers.map((each) => each.idleSince)) }, started);
      await ports.clock.sleep(config.pollSeconds * 1000, started);
    }
  }

  /** Asks the terminating hook for more time while the last job runs. The hook may come after the drain began. */
  async #prolong(signal: AbortSignal): Promise<void> {
    const { ports, config, log, instanceId } = this.#options;
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
  async #finish(): Promise<void> {
    const { ports, config, log, instanceId } = this.#options;
    this.#phase = 'drained';
    await this.#heart.tell();
    const { signal } = this.#leave;
    for (let completed = false; ; ) {
      const target = await targetState(ports.metadata).catch(() => undefined);
      if (target === 'Terminated' && !completed) {
        const answer = await ports.group.complete(config.hooks.terminating, instanceId, 'CONTINUE').catch(wordsOf);
        completed = answer === 'done' || answer === 'no-such-action';
        log('info', 'terminating hook', { answer });
      }
      if (signal.aborted) return;
      await ports.clock.sleep(config.pollSeconds * 1000, signal);
    }
  }

  #persist<T>(what: string, attempt: () => Promise<T>): Promise<T | undefined> {
    const { ports, log } = this.#options;
    return persist(attempt, {
      ...{ clock: ports.clock, random: ports.random, backoff: BACKOFF, signal: this.#drain.started },
      onFailure: (error) => log('warn', `${what} failed; trying again`, { why: wordsOf(error) }),
    });
  }
}
