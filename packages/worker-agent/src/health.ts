import { fullJitter } from './backoff.ts';
import { Breaker, hasPeers, type Verdict, verdict } from './breaker.ts';
import { type Log, wordsOf } from './log.ts';
import type { Meter } from './meter.ts';
import type { Peer, Ports } from './ports.ts';
import type { WorkerConfig } from './worker-config.ts';

/** After a failure that may be the machine's, others get the next job first. */
const AFTER_FAILURE = { firstMs: 1000, mostMs: 30_000 };
/** How long a fleet that fails together rests before each machine tries one job. */
const REST = { firstMs: 300_000, mostMs: 3_600_000 };

export interface HealthOptions {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'table' | 'group'>;
  readonly config: Pick<WorkerConfig, 'breaker' | 'heartbeats'>;
  readonly log: Log;
  readonly meter: Meter;
  readonly instanceId: string;
  /** Called when it breaks or recovers. */
  readonly onChange: () => void;
}

/** Whether this machine may take jobs: it stops where it fails, and is replaced where its peers don't. */
export class Health {
  readonly #options: HealthOptions;
  readonly breaker: Breaker;
  #broken: { readonly reason: string; readonly verdict: Verdict } | undefined;
  /** Aborted when jobs may be taken again. */
  #rest = new AbortController();
  #rests = 0;
  /** The one job that a resting fleet's machine tries. */
  #trying = false;

  constructor(options: HealthOptions) {
    this.#options = options;
    this.breaker = new Breaker(options.config.breaker);
  }

  get broken(): { readonly reason: string; readonly verdict: Verdict } | undefined {
    return this.#broken;
  }

  /** Resolves when a job may be taken, or the signal is aborted. */
  async mayTake(stopped: AbortSignal): Promise<void> {
    const { clock, random } = this.#options.ports;
    const isOver = (): boolean => stopped.aborted;
    while (!isOver()) {
      if (this.#broken === undefined) break;
      await clock.sleep(2 ** 31 - 1, AbortSignal.any([stopped, this.#rest.signal]));
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

  /** @param elsewhere whether the job failed on other machines too */
  async failed(job: string, reason: string, elsewhere: boolean): Promise<void> {
    this.breaker.observe(job, false, elsewhere);
    if (this.#broken !== undefined || !(this.breaker.isTripped || this.#trying)) return;
    const { failures, finished, failed } = this.breaker;
    const counted = failures > 0 ? `${failures} jobs in a row failed` : `${failed} of the last ${finished} jobs failed`;
    await this.#break(`${counted}, the last one: ${reason}`);
  }

  /** Whether there is another machine to try what failed here. */
  async hasPeers(): Promise<boolean> {
    const { ports, config, instanceId } = this.#options;
    const { lostAfterSeconds } = config.heartbeats;
    return hasPeers({ instanceId, peers: await this.#peers(), lostAfterSeconds, now: ports.clock.now() });
  }

  async #break(reason: string): Promise<void> {
    const { ports, config, log, instanceId, onChange } = this.#options;
    // At once, so that no other slot takes a job meanwhile.
    this.#broken = { reason, verdict: 'machine' };
    this.#trying = false;
    onChange();
    const peers = await this.#peers();
    const { breaker } = config;
    const { lostAfterSeconds } = config.heartbeats;
    const whose = verdict({ instanceId, peers, breaker, lostAfterSeconds, now: ports.clock.now() });
    this.#broken = { reason: whose === 'fleet' ? `like other machines: ${reason}` : reason, verdict: whose };
    log('error', 'this machine takes no more jobs', { verdict: whose, reason });
    onChange();
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
    this.#rest.abort();
    this.#rest = new AbortController();
    onChange();
  }

  /** Without an answer, a machine is judged by itself. */
  async #peers(): Promise<readonly Peer[]> {
    const { ports, log } = this.#options;
    return ports.table.peers().catch((error: unknown) => {
      log('warn', 'heartbeats of others not read', { why: wordsOf(error) });
      return [];
    });
  }
}
