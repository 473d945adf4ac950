import { setTimeout as sleep } from 'node:timers/promises';
import { labTimeout } from '../errors.ts';

/** @throws TandemError `lab-timeout` */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 600): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    if (await holds().catch(() => false)) return;
    await sleep(200);
  }
  throw labTimeout({ what, seconds });
}
