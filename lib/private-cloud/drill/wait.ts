import type { Probe } from './drills.ts';
import type { ClientRecord } from './measure.ts';
import type { DrillClient, DrillTarget } from './target.ts';

/** Asks until there is no reason to wait any more. @throws Error with the last reason, when the time is over */
export async function waitFor(
  target: DrillTarget,
  what: string,
  seconds: number,
  ask: () => Promise<string | undefined>,
): Promise<void> {
  const deadline = target.now() + seconds;
  for (;;) {
    const reason = await ask();
    if (reason === undefined) return;
    if (target.now() > deadline) throw new Error(`waited ${seconds} s for ${what}: ${reason}`);
    await target.sleep(0.3);
  }
}

/** Asks until there is an answer. @throws Error with the reason why there is none, when the time is over */
export async function findOut<T>(
  target: DrillTarget,
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined>,
  otherwise: string,
): Promise<T> {
  let answer: T | undefined;
  await waitFor(target, what, seconds, async () => {
    answer = await ask();
    return answer === undefined ? otherwise : undefined;
  });
  return answer as T;
}

/** Which request has not succeeded since then, in a sentence; undefined where each has, with its last answer. */
export async function notYet(
  client: DrillClient,
  probes: readonly Probe[],
  since: number,
): Promise<string | undefined> {
  const last = new Map<Probe, ClientRecord>();
  for (const record of await client.records()) last.set(record.probe, record);
  const failing = probes.find((probe) => last.get(probe)?.ok !== true || (last.get(probe)?.start ?? 0) < since);
  return failing === undefined ? undefined : `${failing} does not succeed yet`;
}
