import type { Happened } from '../run/losses.ts';
import type { Simulated } from '../run/simulation.ts';

export interface Recovery extends Happened {
  /** Seconds until no more jobs wait than just before the loss, to the minute; undefined: not until the end. */
  readonly seconds: number | undefined;
}

/** How long a queue has more in it, after each loss of machines. */
export function recoveriesOf({ losses, minutes, begin }: Simulated): Recovery[] {
  return losses.map((loss) => {
    const first = Math.floor((loss.at - begin) / 60_000);
    const after = minutes.waiting.findIndex((waiting, minute) => minute >= first && waiting <= loss.waiting);
    return { ...loss, seconds: after < 0 ? undefined : (begin + (after + 1) * 60_000 - loss.at) / 1000 };
  });
}
