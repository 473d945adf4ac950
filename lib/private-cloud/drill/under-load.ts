import { type Probe, probesOf } from './drills.ts';
import type { ClientRecord, ReadBack } from './measure.ts';
import type { DrillClient, DrillTarget } from './target.ts';
import { notYet, waitFor } from './wait.ts';

/** How long a cloud may take to be well again, in seconds. */
export const PATIENCE_SECONDS = 420;

/** A client that sends requests all the time, and a cloud that answered each of them before anything is done to it. */
export interface Load {
  readonly client: DrillClient;
  readonly probes: readonly Probe[];
  /** Resolves when each request has succeeded that was begun since then, and every service on every host is healthy. */
  readonly recovered: (since: number) => Promise<void>;
  /** Ends the client. @returns all its requests, and what became of what was acknowledged */
  readonly end: () => Promise<{ readonly records: readonly ClientRecord[]; readonly readBack: ReadBack }>;
}

/**
 * Does something to a healthy cloud while a client uses it. The client is ended, whatever happens.
 * @param patience seconds until the cloud is healthy, before and afterwards @throws Error where it is not by then
 */
export async function underLoad<T>(
  target: DrillTarget,
  run: string,
  action: (load: Load) => Promise<T>,
  patience = PATIENCE_SECONDS,
): Promise<T> {
  const healthy = async () => await waitFor(target, 'a healthy cloud', patience, async () => await target.fault());
  await healthy();
  const probes = probesOf(target.hosts.map(({ name }) => name));
  const client = await target.startClient(run);
  const state = { isEnded: false };
  const load: Load = {
    ...{ client, probes },
    recovered: async (since) => {
      await waitFor(target, 'a success of each request', patience, () => notYet(client, probes, since));
      await healthy();
    },
    end: async () => {
      state.isEnded = true;
      const readBack = await client.stop();
      return { readBack, records: await client.records() };
    },
  };
  try {
    await waitFor(target, 'a first success of each request', patience, () => notYet(client, probes, 0));
    return await action(load);
  } finally {
    if (!state.isEnded) await client.stop().catch(() => undefined);
  }
}

/** Seconds to one decimal, which is as exact as the client's requests are. */
export function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
