import type { Observation, OwnPolicy } from '../run/policy.ts';

export interface OwnSettings {
  /** Wait in seconds that most jobs shall not exceed. */
  readonly waitSeconds: number;
  /** Seconds from a launch until it takes jobs. */
  readonly bootSeconds: number;
  /** How long an idle instance is kept. */
  readonly idleSeconds: number;
  readonly slots: number;
  readonly everySeconds: number;
}

/** Instances for what waits and runs; idle ones are kept as long as a new one would cost. */
export function ownPolicy({ waitSeconds, bootSeconds, idleSeconds, slots, everySeconds }: OwnSettings): OwnPolicy {
  let known = 300;
  let emptyAt = 0;
  const needs: { at: number; need: number }[] = [];
  return {
    everySeconds,
    decide({ now, waiting, running, ended, meanSeconds }: Observation) {
      if (ended > 0) known = meanSeconds;
      const mean = Math.max(1, known);
      const freed = ended / 900;
      if (waiting === 0) emptyAt = now;
      const oldest = Math.min(now - emptyAt, freed === 0 ? Infinity : waiting / freed);
      const left = Math.max(0, waitSeconds - oldest);
      const rest = Math.max(0, waiting - freed * left);
      const each = 1 + Math.max(0, left - bootSeconds) / mean;
      const need = Math.ceil((running + rest / each) / slots);
      while (needs.length > 0 && (needs[0]?.at ?? 0) < now - idleSeconds) needs.shift();
      while (needs.length > 0 && (needs.at(-1)?.need ?? 0) <= need) needs.pop();
      needs.push({ at: now, need });
      return needs[0]?.need ?? need;
    },
  };
}
