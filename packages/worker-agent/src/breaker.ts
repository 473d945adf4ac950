import type { Peer } from './ports.ts';
import type { WorkerConfig } from './worker-config.ts';

interface Outcome {
  readonly job: string;
  readonly failed: boolean;
}

/**
 * Counts what became of this machine's jobs. A job that failed on a machine that is well says little about this one: it counts for the
 * share, not for the row. Several failures of one job count as one.
 */
export class Breaker {
  readonly #config: WorkerConfig['breaker'];
  #last: readonly Outcome[] = [];
  #inARow = new Set<string>();

  constructor(config: WorkerConfig['breaker']) {
    this.#config = config;
  }

  /** @param elsewhere whether it failed before on other machines that are well */
  observe(job: string, ok: boolean, elsewhere = false): void {
    if (ok) this.#inARow.clear();
    else if (!elsewhere) this.#inARow.add(job);
    const others = ok ? this.#last : this.#last.filter((outcome) => !(outcome.failed && outcome.job === job));
    this.#last = [...others, { job, failed: !ok }].slice(-this.#config.window);
  }

  reset(): void {
    this.#last = [];
    this.#inARow.clear();
  }

  get failures(): number {
    return this.#inARow.size;
  }

  get finished(): number {
    return this.#last.length;
  }

  get failed(): number {
    return this.#last.filter(({ failed }) => failed).length;
  }

  /** Whether this machine should stop taking jobs, unless its peers fare no better. */
  get isTripped(): boolean {
    return isFailing(this, this.#config);
  }
}

type Record = Pick<Peer, 'failures' | 'finished' | 'failed'>;

function isFailing({ failures, finished, failed }: Record, config: WorkerConfig['breaker']): boolean {
  if (failures >= config.consecutiveFailures) return true;
  return finished >= config.window && failed >= finished * config.failureShare;
}

/** `machine`: replace it. `fleet`: machines fail together, and new ones would fail as well. */
export type Verdict = 'machine' | 'fleet';

/** How many machines may be given up within the time, before it is the fleet's fault: so many, or this share of those that live. */
const FEW = 3;
const FEW_SHARE = 0.1;
const WITHIN_MS = 1_800_000;

export interface VerdictOptions {
  readonly instanceId: string;
  readonly peers: readonly Peer[];
  readonly breaker: WorkerConfig['breaker'];
  readonly lostAfterSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Whose fault it is that this machine fails. It is the fleet's where more of the peers that did any job fail than do well, or where
 * enough machines were given up lately: relaunching more would never end.
 */
export function verdict({ instanceId, peers, breaker, lostAfterSeconds, now }: VerdictOptions): Verdict {
  const others = peers.filter((peer) => peer.instanceId !== instanceId);
  const age = (peer: Peer): number => now - Date.parse(peer.at);
  const live = others.filter((peer) => age(peer) <= lostAfterSeconds * 1000);
  const given = others.filter((peer) => peer.state === 'broken' && age(peer) <= WITHIN_MS).length;
  if (given >= Math.max(FEW, Math.ceil(live.length * FEW_SHARE))) return 'fleet';
  const failing = live.filter((peer) => peer.state === 'broken' || isFailing(peer, breaker)).length;
  const well = live.filter(
    (peer) => peer.state !== 'broken' && peer.finished > peer.failed && !isFailing(peer, breaker),
  );
  return failing >= 2 && failing > well.length ? 'fleet' : 'machine';
}

/** Whether it did jobs, most of them well, and is not failing now: where all machines fail together, none of them does. */
export function doesWell({ state, failures, finished, failed }: Peer): boolean {
  return state !== 'broken' && failures <= 1 && finished > failed;
}

/** Whether another machine could take a job that failed here. */
export function hasPeers({ instanceId, peers, lostAfterSeconds, now }: Omit<VerdictOptions, 'breaker'>): boolean {
  return peers.some(
    (peer) =>
      peer.instanceId !== instanceId &&
      now - Date.parse(peer.at) <= lostAfterSeconds * 1000 &&
      (peer.state === 'idle' || peer.state === 'busy' || peer.state === 'starting'),
  );
}
