import type { Probe } from './drills.ts';
import { gapsAbove, lostWrites, type Outage, outageOf, type ReadBack } from './measure.ts';
import type { DrillTarget } from './target.ts';
import { tenths, underLoad } from './under-load.ts';

/** A step of a plan, ready to run. */
export interface ChangeStep {
  readonly key: string;
  run(): Promise<void>;
}

export interface ChangeOptions {
  readonly run: string;
  readonly name: string;
  readonly steps: readonly ChangeStep[];
  /** The longest gap that the loss of any one host would make, by request, in seconds: what steps may take away for a moment. */
  readonly predicted: Readonly<Record<Probe, number>>;
  /** What the members themselves say that is not as planned. */
  readonly verify: () => Promise<readonly string[]>;
  readonly say: (what: string) => void;
}

/** A request during a change. */
export interface ChangedRequest extends Outage {
  /** At most, in seconds; null where the loss of a host stops it altogether: no gap is longer. */
  readonly predicted: number | null;
  /** Of gaps longer than that: how many, and how many requests failed in them. */
  readonly beyond: { readonly gaps: number; readonly failed: number };
}

export interface ChangeOutcome {
  readonly name: string;
  readonly seconds: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly steps: readonly { readonly key: string; readonly seconds: number }[];
  readonly requests: readonly ChangedRequest[];
  readonly readBack: ReadBack;
  /** What must not be; none where all is well. */
  readonly faults: readonly string[];
}

const LEAD_SECONDS = 5;

/**
 * Runs the steps of a plan under the client's load. What is written and acknowledged is read back at the end, at the members of then.
 * @throws Error where a step fails, or the cloud does not come back
 */
export async function playChange(target: DrillTarget, options: ChangeOptions): Promise<ChangeOutcome> {
  const { run, name, steps, predicted, say } = options;
  const before = target.hosts.map((host) => host.name);
  return await underLoad(target, run, async ({ probes, recovered, end }) => {
    await target.sleep(LEAD_SECONDS);
    const began = target.now();
    const done: { key: string; seconds: number }[] = [];
    for (const step of steps) {
      const since = target.now();
      await step.run();
      const seconds = tenths(target.now() - since);
      say(`${step.key}: ${seconds} s`);
      done.push({ key: step.key, seconds });
    }
    const changed = target.now();
    await recovered(changed);
    const wrong = await options.verify();
    const ended = target.now();
    const { records, readBack } = await end();
    const requests = probes.map((probe): ChangedRequest => {
      const atMost = predicted[probe];
      const outage = outageOf(records, probe, began, ended);
      const beyond = atMost === undefined ? { gaps: 0, failed: 0 } : gapsAbove(records, probe, began, ended, atMost);
      return { ...outage, predicted: atMost ?? null, beyond };
    });
    return {
      ...{ name, before, after: target.hosts.map((host) => host.name), steps: done, requests, readBack },
      seconds: tenths(changed - began),
      faults: [...lostWrites(readBack), ...wrong],
    };
  });
}
