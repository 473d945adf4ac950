import { persist } from './backoff.ts';
import type { Drain } from './drain.ts';
import { type Log, wordsOf } from './log.ts';
import type { Clock, Metadata, Ports } from './ports.ts';

/** Time to give a job back before a Spot instance is taken. */
const SPOT_MARGIN_MS = 10_000;

export interface WatchOptions {
  readonly clock: Clock;
  readonly metadata: Metadata;
  readonly log: Log;
  readonly drain: Drain;
  readonly pollSeconds: number;
  readonly onRebalance: 'ignore' | 'drain';
}

/** Where Auto Scaling wants the instance: `InService`, `Warmed:Stopped`, `Terminated`. Undefined outside a group. */
export function targetState(metadata: Metadata): Promise<string | undefined> {
  return metadata.get('meta-data/autoscaling/target-lifecycle-state');
}

const BACKOFF = { firstMs: 500, mostMs: 20_000 };

/** The instance's id, asked for until it is known; undefined if the signal was aborted before. */
export function instanceIdOf(
  { clock, random, metadata, log }: Pick<Ports, 'clock' | 'random' | 'metadata'> & { readonly log: Log },
  signal: AbortSignal,
): Promise<string | undefined> {
  const attempt = async (): Promise<string> => {
    const id = await metadata.get('meta-data/instance-id');
    if (id === undefined) throw new Error('the metadata service knows no instance id');
    return id;
  };
  const onFailure = (error: unknown): void => log('warn', 'instance id failed; trying again', { why: wordsOf(error) });
  return persist(attempt, { clock, random, backoff: BACKOFF, signal, onFailure });
}

/** Looks for notices until the signal is aborted, and asks for the drain that each means. */
export async function watchNotices(options: WatchOptions, signal: AbortSignal): Promise<void> {
  const { clock, log, pollSeconds } = options;
  while (!signal.aborted) {
    try {
      await look(options);
    } catch (error) {
      log('warn', 'metadata service does not answer', { why: wordsOf(error) });
    }
    await clock.sleep(pollSeconds * 1000, signal);
  }
}

async function look({ clock, metadata, drain, onRebalance, log }: WatchOptions): Promise<void> {
  const notice = await metadata.get('meta-data/spot/instance-action');
  if (notice !== undefined) {
    const time = spotTime(notice) ?? clock.now() + 120_000;
    if (drain.reason === undefined) log('warn', 'spot notice', { at: new Date(time).toISOString() });
    drain.request('spot', time - SPOT_MARGIN_MS);
  }
  // How long a termination may take is the hook's business, and the longest job's.
  if ((await targetState(metadata)) === 'Terminated') drain.request('terminating', Infinity);
  if (onRebalance === 'drain' && (await metadata.get('meta-data/events/recommendations/rebalance')) !== undefined)
    drain.request('rebalance', Infinity);
}

function spotTime(notice: string): number | undefined {
  const [, time = ''] = /"time"\s*:\s*"([^"]+)"/.exec(notice) ?? [];
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? undefined : parsed;
}
