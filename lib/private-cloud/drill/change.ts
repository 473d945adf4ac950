import { type Probe, probesOf } from './drills.ts';
import { gapsAbove, type Outage, outageOf, type ReadBack } from './measure.ts';
import type { DrillTarget } from './target.ts';
import { notYet, waitFor } from './wait.ts';

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
  /** How long recovery may take. @default 420 */
  readonly patienceSeconds?: number;
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
  const { run, name, steps, predicted, say, patienceSeconds = 420 } = options;
  await waitFor(target, 'a healthy cloud', patienceSeconds, async () => await target.fault());
  const before = target.hosts.map((host) => host.name);
  const probes = probesOf(before);
  const client = await target.startClient(run);
  let stopped = false;
  try {
    await waitFor(target, 'a first success of each request', patienceSeconds, () => notYet(client, probes, 0));
    await target.sleep(LEAD_SECONDS);
    const began = target.now();
    const done: { key: string; seconds: number }[] = [];
    for (const step of steps) {
      const since = target.now();
      await step.run();
      const seconds = round(target.now() - since);
      say(`${step.key}: ${seconds} s`);
      done.push({ key: step.key, seconds });
    }
    const changed = target.now();
    await waitFor(target, 'a success of each request', patienceSeconds, () => notYet(client, probes, changed));
    await waitFor(target, 'a healthy cloud', patienceSeconds, async () => await target.fault());
    const wrong = await options.verify();
    const ended = target.now();
    stopped = true;
    const readBack = await client.stop();
    const records = await client.records();
    const requests = probes.map((probe): ChangedRequest => {
      const atMost = predicted[probe];
      const outage = outageOf(records, probe, began, ended);
      const beyond = atMost === undefined ? { gaps: 0, failed: 0 } : gapsAbove(records, probe, began, ended, atMost);
      return { ...outage, predicted: atMost ?? null, beyond };
    });
    const lost = Object.entries(readBack).filter(([, read]) => read.lost > 0);
    return {
      ...{ name, before, after: target.hosts.map((host) => host.name), steps: done, requests, readBack },
      seconds: round(changed - began),
      faults: [
        ...lost.map(([probe, read]) => `${probe}: ${read.lost} of ${read.acknowledged} acknowledged writes are lost`),
        ...wrong,
      ],
    };
  } finally {
    if (!stopped) await client.stop().catch(() => undefined);
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
