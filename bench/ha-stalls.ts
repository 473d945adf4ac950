import { haGround } from '../lab/ha/index.ts';

interface Stalls {
  /** How long the promised stall is repeated, in minutes. */
  readonly minutes: number;
  readonly progress: (line: string) => void;
}

/** That must pass without a failover. */
const PROMISED_SECONDS = 0.5;
/** Beyond it: told, not promised. */
const RAISED_SECONDS = [1, 1.5, 2, 3, 5] as const;
const PAUSE_SECONDS = 10;
const ROUNDS = 3;

/**
 * Under the client's load, stops every process of one host after the other for a while, as a busy hypervisor would. A false failover:
 * the VIP or the writer moved, or a database left its cluster. @returns one line for each within what is promised
 */
export async function holdStill({ minutes, progress }: Stalls): Promise<readonly string[]> {
  const ground = await haGround();
  await ground.restore();
  const client = await ground.startClient(`stalls-${Date.now()}`);
  const broken: string[] = [];
  try {
    await ground.sleep(10);
    const end = ground.now() + minutes * 60;
    let count = 0;
    for (let turn = 0; ground.now() < end; turn += 1) {
      const seen = await moved(ground, turn, PROMISED_SECONDS);
      count += 1;
      if (seen !== undefined) broken.push(`a stall of ${PROMISED_SECONDS} s: ${seen}`);
    }
    progress(`${count} stalls of ${PROMISED_SECONDS} s: ${broken.length} false failovers`);
    for (const seconds of RAISED_SECONDS) {
      const seen: string[] = [];
      for (let turn = 0; turn < ROUNDS; turn += 1) {
        const what = await moved(ground, turn, seconds);
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
  ground: Awaited<ReturnType<typeof haGround>>,
  turn: number,
  seconds: number,
): Promise<string | undefined> {
  const before = await ground.marks();
  const host = ground.hosts[turn % ground.hosts.length]?.name ?? '';
  await ground.stall(host, seconds);
  await ground.sleep(PAUSE_SECONDS);
  const after = await ground.marks();
  const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
  if (changed.length === 0) return undefined;
  return changed
    .map((name) => `${host} stalled: ${name} ${before[name] ?? 'none'} -> ${after[name] ?? 'none'}`)
    .join(', ');
}
