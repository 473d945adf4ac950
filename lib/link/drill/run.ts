import type { Cloud } from '../../config/schema/cloud.ts';
import type { Link } from '../../config/schema/link.ts';
import { LINK_CASE_NAMES, type LinkCaseName } from './case-names.ts';
import { LINK_CASES } from './cases.ts';
import type { LinkCase } from './link-case.ts';
import type { LinkBench, Sent, Traffic } from './ports.ts';
import { isAsPredicted } from './predict.ts';

export interface CaseResult {
  readonly name: LinkCaseName;
  readonly title: string;
  readonly measure: LinkCase['measure'];
  readonly goal: number | null;
  readonly predicted: number;
  /** Of each run, in the unit of the measure. */
  readonly seen: readonly number[];
  /** The one that counts. */
  readonly worst: number;
  readonly asPredicted: boolean;
  readonly reached: boolean;
  /** What must not happen, however fast: a connection that broke, something that did not come back. */
  readonly faults: readonly string[];
}

export interface DrillOptions {
  readonly bench: LinkBench;
  readonly timers: Link['tunnels']['timers'];
  readonly cases: readonly LinkCaseName[];
  /** @default 1 */
  readonly runs?: number;
  readonly signal?: AbortSignal;
  readonly say?: (what: string) => void;
}

/** Runs cases one after another on a link that is settled, and settles it after each. Predictions are made before the first. */
export async function runLinkDrill(options: DrillOptions): Promise<readonly CaseResult[]> {
  const { bench, timers, cases, runs = 1, say = () => undefined } = options;
  const predicted = new Map(cases.map((name) => [name, LINK_CASES[name].predict(timers)]));
  const results: CaseResult[] = [];
  for (const name of cases) {
    const seen: number[] = [];
    const faults: string[] = [];
    for (let run = 0; run < runs && faults.length === 0; run += 1) {
      options.signal?.throwIfAborted();
      say(`${name}: ${LINK_CASES[name].title}`);
      const outcome = await runCase(bench, LINK_CASES[name]);
      seen.push(outcome.seen);
      faults.push(...outcome.faults);
    }
    results.push(resultOf(name, predicted.get(name) ?? 0, seen, faults));
  }
  return results;
}

async function runCase(bench: LinkBench, each: LinkCase): Promise<{ seen: number; faults: readonly string[] }> {
  await each.before?.(bench);
  if (each.before !== undefined) await bench.sleep(2);
  const traffic = await bench.traffic(each.from, each.asks);
  const { at, value, repair } = await each.act(bench, traffic);
  const sent = await traffic.end();
  const faults = [...faultsOf(sent), ...lostOf(each.measure, sent)];
  const seen = round(value ?? seenOf(each.measure, sent, at));
  try {
    await repair?.();
    await each.after?.(bench);
    await bench.forget();
    await bench.settled();
    const missing = await sent.missing();
    if (missing > 0) faults.push(`${missing} acknowledged writes are not on every server of Consul`);
  } catch (error) {
    faults.push(`the link did not come back: ${(error as Error).message}`);
  }
  return { seen, faults };
}

function faultsOf({ session }: Traffic): string[] {
  const { sent, back, failure } = session;
  if (failure !== undefined) return [`the TCP connection broke: ${failure}`];
  return back < sent ? [`of ${sent} numbers over TCP, ${back} came back`] : [];
}

/** What may not be lost in a case that measures this. */
function lostOf(measure: LinkCase['measure'], { pings, questions, reads }: Traffic): string[] {
  const asked = measure === 'questions' || measure === 'writes';
  const all = [
    [measure === 'lost' ? pings : [], 'pings were lost'],
    [asked ? questions : [], 'questions had no answer'],
    [asked ? reads : [], 'reads of Consul had no answer'],
  ] as const;
  return all.flatMap(([sent, what]) => (lost(sent) > 0 ? [`${lost(sent)} ${what}`] : []));
}

function lost(sent: readonly Sent[]): number {
  return sent.filter(({ ok }) => !ok).length;
}

function seenOf(measure: LinkCase['measure'], { pings, questions, writes }: Traffic, at: number): number {
  if (measure === 'lost') return lost(pings);
  if (measure === 'questions') return lost(questions);
  if (measure === 'writes') return Math.max(0, ...writes.map((each) => longestGap(each, at)));
  return interruption(pings, at);
}

/** Seconds between two acknowledged writes, the longest after a time. Pure. */
function longestGap(writes: readonly Sent[], since: number): number {
  const gaps = writes.map(({ at }, index) => (at < since ? 0 : at - (writes[index - 1]?.at ?? since)));
  return Math.max(0, ...gaps);
}

/** Seconds from the first ping that was lost until one came back for good: a path that loses some is none. Pure. */
export function interruption(pings: Traffic['pings'], since: number): number {
  const after = pings.filter((ping) => ping.at >= since - 0.1);
  const first = after.findIndex(({ ok }) => !ok);
  if (first < 0) return 0;
  const last = after.findLastIndex(({ ok }) => !ok);
  const [began, ended] = [after[first]?.at ?? since, after[last + 1]?.at ?? after[last]?.at ?? since];
  return ended - began;
}

function resultOf(
  name: LinkCaseName,
  predicted: number,
  seen: readonly number[],
  faults: readonly string[],
): CaseResult {
  const { title, measure, goal } = LINK_CASES[name];
  const worst = measure === 'speed' ? Math.min(...seen) : Math.max(...seen);
  return {
    name,
    title,
    measure,
    goal: goal ?? null,
    predicted: round(predicted),
    seen,
    worst,
    asPredicted: measure === 'speed' ? worst >= predicted / 2 : isAsPredicted(predicted, worst),
    reached: goal === undefined || (measure === 'speed' ? worst >= goal : worst <= goal),
    faults,
  };
}

/** Cases that a link has: not every one has discovery, or forwards names of both sides, for which its cloud has to tell name servers. */
export function casesOf({
  link,
  cloud,
}: {
  readonly link: { readonly value: Pick<Link, 'names' | 'discovery'> };
  readonly cloud: { readonly value: { readonly dns: Pick<Cloud['dns'], 'nameServers'> } };
}): readonly LinkCaseName[] {
  const { names, discovery } = link.value;
  const forwards = { environment: names !== undefined, cloud: cloud.value.dns.nameServers.length > 0 };
  return LINK_CASE_NAMES.filter((name) => {
    const { needsNames, asks } = LINK_CASES[name];
    return (needsNames === undefined || forwards[needsNames]) && (asks === undefined || discovery !== undefined);
  });
}

const round = (value: number) => Math.round(value * 100) / 100;
