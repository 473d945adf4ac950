import { openDrillTarget } from '../lab/ha/index.ts';

interface Stalls {
  /** How long the tolerated stall is repeated, in minutes. */
  readonly minutes: number;
  readonly progress: (line: string) => void;
}

/** That must pass without a failover. */
const TOLERATED_SECONDS = 0.5;
/** Longer stalls: their failovers are reported, and do not count. */
const RAISED_SECONDS = [1, 1.5, 2, 3, 5] as const;
const PAUSE_SECONDS = 10;
const ROUNDS = 3;

/**
 * Under the client's load, stops every process of one host after the other for a while, as a busy hypervisor would. A false failover:
 * the VIP or the writer moved, or a database left its cluster. @returns one line for each within the tolerated length
 */
export async function holdStill({ minutes, progress }: Stalls): Promise<readonly string[]> {
  const target = await openDrillTarget();
  await target.restore();
  const client = await target.startClient(`stalls-${Date.now()}`);
  const broken: string[] = [];
  try {
    await target.sleep(10);
    const end = target.now() + minutes * 60;
    let count = 0;
    for (let turn = 0; target.now() < end; turn += 1) {
      const seen = await moved(target, turn, TOLERATED_SECONDS);
      count += 1;
      if (seen !== undefined) broken.push(`a stall of ${TOLERATED_SECONDS} s: ${seen}`);
    }
    progress(`${count} stalls of ${TOLERATED_SECONDS} s: ${broken.length} false failovers`);
    for (const seconds of RAISED_SECONDS) {
      const seen: string[] = [];
      for (let turn = 0; turn < ROUNDS; turn += 1) {
        const what = await moved(target, turn, seconds);
        if (what !== undefined) seen.push(what);
      }
      progress(`stalls of ${seconds} s: ${seen.length === 0 ? 'nothing moved' : seen.join('; ')}`);
      if (seen.length > 0) break;
    }
    const summary = await client.stop();
    for (const [probe, { lost, acknowledged }] of Object.entries(summary))
      if (lost > 0) broken.push(`${probe}: ${lost} of ${acknowledged} acknowledged writes are lost`);
  } catch (error) {
    await client.stop().catch(() => undefined);
    throw error;
  }
  return broken;
}

/** Stalls the holder of the VIP, the writer and another host in turn. @returns what moved, if anything did */
async function moved(
  target: Awaited<ReturnType<typeof openDrillTarget>>,
  turn: number,
  seconds: number,
): Promise<string | undefined> {
  const before = await target.marks();
  const host = target.hosts[turn % target.hosts.length]?.name ?? '';
  await target.stall(host, seconds);
  await target.sleep(PAUSE_SECONDS);
  const after = await target.marks();
  const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
  if (changed.length === 0) return undefined;
  return changed
    .map((name) => `${host} stalled: ${name} ${before[name] ?? 'none'} -> ${after[name] ?? 'none'}`)
    .join(', ');
}
