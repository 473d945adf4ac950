import { type Log, wordsOf } from './log.ts';
import type { FleetGroup, Ports, Protection } from './ports.ts';

/** Of SetInstanceProtection. */
const MOST_IDS = 50;
/** A wish is repeated once, in case that whoever took it died before the call. */
const REPEAT_MS = 120_000;

export interface Work {
  /** Start of the job under way. */
  readonly busySince: number | undefined;
  readonly idleSince: number;
}

export interface Thresholds {
  readonly afterSeconds: number;
  readonly idleSeconds: number;
}

/** What the work of an instance calls for; undefined between the thresholds: as it is. */
export function wanted(work: Work, now: number, { afterSeconds, idleSeconds }: Thresholds): Protection | undefined {
  if (work.busySince !== undefined) return now - work.busySince >= afterSeconds * 1000 ? 'protect' : undefined;
  return now - work.idleSince >= idleSeconds * 1000 ? 'release' : undefined;
}

export interface ProtectionOptions {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'table' | 'group'>;
  readonly log: Log;
  readonly instanceId: string;
  readonly thresholds: Thresholds;
  readonly collectSeconds: number;
}

/**
 * Keeps scale-in away from long jobs. Agents leave their wishes on a board; one of them collects for some seconds and carries out
 * all together, 50 instances a call. So the rate of calls does not grow with the fleet; see docs/decisions/0016-scale-in-protection-by-board.md.
 */
export class ProtectionKeeper {
  readonly #options: ProtectionOptions;
  // What an earlier process of this instance wished for is unknown.
  #wished: Protection | undefined;
  #repeatAt = Infinity;

  constructor(options: ProtectionOptions) {
    this.#options = options;
  }

  /** Looks at the work and, where it calls for a change, sees to it. */
  async look(work: Work, signal: AbortSignal): Promise<void> {
    const { ports, thresholds, log } = this.#options;
    const now = ports.clock.now();
    const next = wanted(work, now, thresholds);
    const changed = next !== undefined && next !== this.#wished;
    const repeats = this.#wished !== undefined && now >= this.#repeatAt;
    if (!changed && !repeats) return;
    this.#repeatAt = changed ? now + REPEAT_MS : Infinity;
    if (changed) this.#wished = next;
    try {
      await this.#wish(next ?? this.#wished ?? 'release', signal);
    } catch (error) {
      // Not protected means drained by the hook when it comes to it: no job is lost by this.
      log('warn', 'scale-in protection unchanged', { why: wordsOf(error) });
      this.#repeatAt = now + REPEAT_MS * (0.5 + ports.random());
    }
  }

  async #wish(protection: Protection, signal: AbortSignal): Promise<void> {
    const { ports, collectSeconds, instanceId, log } = this.#options;
    // Twice the time for collecting: a flusher that is only slow is left its turn.
    if (!(await ports.table.wish(instanceId, protection, collectSeconds * 2000))) return;
    await ports.clock.sleep(collectSeconds * 1000, signal);
    const wishes = await ports.table.takeWishes();
    for (const kind of ['protect', 'release'] as const) {
      const refused = await setProtection(ports.group, wishes[kind], kind);
      log('info', 'scale-in protection', { kind, instances: wishes[kind].length, refused: refused.length });
    }
  }
}

/** Sets it for all, 50 a call; a refused call is halved until those that are to blame are found. Returns those. */
export async function setProtection(
  group: FleetGroup,
  ids: readonly string[],
  protection: Protection,
): Promise<string[]> {
  if (ids.length === 0) return [];
  if (ids.length <= MOST_IDS && (await group.setProtection(ids, protection)) === 'done') return [];
  if (ids.length === 1) return [...ids];
  const size = ids.length > MOST_IDS ? MOST_IDS : Math.ceil(ids.length / 2);
  const first = await setProtection(group, ids.slice(0, size), protection);
  return [...first, ...(await setProtection(group, ids.slice(size), protection))];
}
