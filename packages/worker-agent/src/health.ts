import { aborted } from './aborted.ts';
import { fullJitter } from './backoff.ts';
import { Breaker, doesWell, hasPeers, type Verdict, verdict } from './breaker.ts';
import { type Log, wordsOf } from './log.ts';
import type { Meter } from './meter.ts';
import type { Peer, Ports } from './ports.ts';
import { redact } from './redact.ts';
import type { WorkerConfig } from './worker-config.ts';

/** After a failure that may be the machine's, others get the next job first. */
const AFTER_FAILURE = { firstMs: 1000, mostMs: 30_000 };
/** How old the heartbeats of others may be that a failed job is judged by: each reading is a scan. */
const FRESH_MS = 30_000;
/** How long a fleet that fails together rests before each machine tries one job. */
const REST = { firstMs: 300_000, mostMs: 3_600_000 };

export interface HealthOptions {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'table' | 'group'>;
  readonly config: Pick<WorkerConfig, 'breaker' | 'heartbeats'>;
  readonly log: Log;
  readonly meter: Meter;
  readonly instanceId: string;
  /** Called when it breaks or recovers; resolves when the heartbeats say so. */
  readonly onChange: () => Promise<void>;
}

export interface Broken {
  readonly reason: string;
  /** Undefined until the machine has been compared with its peers. */
  readonly verdict: Verdict | undefined;
}

/** Whether this machine may take jobs: it stops where it fails, and is replaced where its peers don't. */
export class Health {
  readonly #options: HealthOptions;
  readonly breaker: Breaker;
  #broken: Broken | undefined;
  /** Resolves when jobs may be taken again. */
  #recovered = Promise.withResolvers<undefined>();
  #rests = 0;
  #read: { readonly at: number; readonly peers: readonly Peer[] } = { at: -Infinity, peers: [] };
  /** The one job that a resting fleet's machine tries. */
  #trying = false;

  constructor(options: HealthOptions) {
    this.#options = options;
    this.breaker = new Breaker(options.config.breaker);
  }

  get broken(): Broken | undefined {
    return this.#broken;
  }

  /** Resolves when a job may be taken, or the signal is aborted. */
  async mayTake(stopped: AbortSignal): Promise<void> {
    const { clock, random } = this.#options.ports;
    const isOver = (): boolean => stopped.aborted;
    while (!isOver()) {
      if (this.#broken === undefined) break;
      await Promise.race([this.#recovered.promise, aborted(stopped)]);
    }
    const { failures } = this.breaker;
    if (failures > 0)
      await clock.sleep(AFTER_FAILURE.firstMs / 2 + fullJitter(AFTER_FAILURE, failures, random), stopped);
    // Meanwhile another slot may have found the machine to be broken.
    if (!isOver() && this.#broken !== undefined) await this.mayTake(stopped);
  }

  succeeded(job: string): void {
    this.breaker.observe(job, true);
    this.#rests = 0;
    this.#trying = false;
  }

  /** @param elsewhere whether the job failed on other machines that are well */
  async failed(job: string, reason: string, elsewhere: boolean): Promise<void> {
    this.breaker.observe(job, false, elsewhere);
    if (this.#broken !== undefined || !(this.breaker.isTripped || this.#trying)) return;
    const { failures, finished, failed } = this.breaker;
    const counted = failures > 0 ? `${failures} jobs in a row failed` : `${failed} of the last ${finished} jobs failed`;
    await this.#break(redact(`${counted}, the last one: ${reason}`));
  }

  /** Whether a job failed on another machine that is not known to be broken: this one is suspected less. */
  async failedElsewhere(failedOn: readonly string[]): Promise<boolean> {
    const others = this.#others(failedOn);
    if (others.length === 0) return false;
    const broken = (await this.#peers(FRESH_MS)).filter(({ state }) => state === 'broken');
    return others.some((instance) => broken.every(({ instanceId }) => instanceId !== instance));
  }

  /** Whether it failed on another machine that is known to do well, as of now: only such a one is a witness against a job. */
  async isJobsFault(failedOn: readonly string[]): Promise<boolean> {
    const others = this.#others(failedOn);
    return (
      others.length > 0 && (await this.#peers()).some((peer) => others.includes(peer.instanceId) && doesWell(peer))
    );
  }

  #others(failedOn: readonly string[]): string[] {
    return failedOn.filter((instance) => instance !== this.#options.instanceId);
  }

  /** Whether there is another machine to try what failed here. */
  async hasPeers(): Promise<boolean> {
    const { ports, config, instanceId } = this.#options;
    const { lostAfterSeconds } = config.heartbeats;
    return hasPeers({ instanceId, peers: await this.#peers(), lostAfterSeconds, now: ports.clock.now() });
  }

  async #break(reason: string): Promise<void> {
    const { ports, config, log, instanceId, onChange } = this.#options;
    // At once, so that no other slot takes a job meanwhile; and told before others are looked at, so that of many one sees the others.
    this.#broken = { reason, verdict: undefined };
    this.#trying = false;
    await onChange();
    const peers = await this.#peers();
    const { breaker } = config;
    const { lostAfterSeconds } = config.heartbeats;
    const whose = verdict({ instanceId, peers, breaker, lostAfterSeconds, now: ports.clock.now() });
    this.#broken = { reason: whose === 'fleet' ? `like other machines: ${reason}` : reason, verdict: whose };
    log('error', 'this machine takes no more jobs', { verdict: whose, reason });
    await onChange();
    if (whose === 'fleet') void this.#restThenTry();
  }

  /** Until the end of the process: an instance that could not be called unhealthy stays so in the heartbeats. */
  async tellGroup(signal: AbortSignal): Promise<void> {
    const { ports, log, instanceId } = this.#options;
    for (let attempt = 0; !signal.aborted && this.#broken?.verdict === 'machine'; attempt += 1) {
      try {
        const answer = await ports.group.setUnhealthy(instanceId);
        log('warn', 'instance set unhealthy', { answer });
        return;
      } catch (error) {
        log('warn', 'instance not set unhealthy', { why: wordsOf(error) });
        await ports.clock.sleep(fullJitter({ firstMs: 1000, mostMs: 60_000 }, attempt, ports.random), signal);
      }
    }
  }

  /** Other machines fail as well: it is no use to replace this one. It rests, then tries one job. */
  async #restThenTry(): Promise<void> {
    const { ports, log, onChange } = this.#options;
    const most = Math.min(REST.mostMs, REST.firstMs * 2 ** this.#rests);
    this.#rests += 1;
    await ports.clock.sleep(most * (0.5 + ports.random()));
    log('info', 'trying one job');
    this.#broken = undefined;
    this.breaker.reset();
    this.#trying = true;
    this.#recovered.resolve(undefined);
    this.#recovered = Promise.withResolvers();
    await onChange();
  }

  /** Without an answer, a machine is judged by itself. */
  async #peers(freshMs = 0): Promise<readonly Peer[]> {
    const { ports, log } = this.#options;
    const now = ports.clock.now();
    if (now - this.#read.at < freshMs) return this.#read.peers;
    try {
      this.#read = { at: now, peers: await ports.table.peers() };
      return this.#read.peers;
    } catch (error) {
      log('warn', 'heartbeats of others not read', { why: wordsOf(error) });
      return [];
    }
  }
}
