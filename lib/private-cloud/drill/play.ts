import { SHIPPED_TIMERS } from '../topology/timers.ts';
import type { Drill, DrillName } from './drills.ts';
import { accepted, type Outage, outageOf, type ReadBack } from './measure.ts';
import type { Prediction, Stage } from './predict.ts';
import type { DrillClient, DrillTarget } from './target.ts';
import { type Load, PATIENCE_SECONDS, underLoad } from './under-load.ts';
import { findOut, notYet, waitFor } from './wait.ts';

/** What was measured. Times in seconds from the moment of the failure, unless they say otherwise. */
export interface Outcome {
  readonly drill: DrillName;
  readonly stage: Stage;
  readonly predictions: readonly Prediction[];
  /** Of the predictions, as they were frozen before the failure: `sha256:…`. */
  readonly predictionDigest: string;
  /** From the failure until power returned, or until everything had recovered by itself. */
  readonly outages: readonly Outage[];
  /** From the return of power; empty where nothing was off. */
  readonly returned: readonly Outage[];
  /** From the return until each database was a synced member. */
  readonly syncedSeconds: Readonly<Record<string, number>>;
  /** From the return until every service on every host was healthy. */
  readonly healthySeconds: number;
  readonly readBack: ReadBack;
  /** Requests that were accepted while none may be, and what a host without a majority accepted. */
  readonly acceptedByMinority: readonly string[];
  readonly minorityRows: number;
}

/** Freezes predictions: writes them where they can be compared later. @returns their digest */
export type Freeze = (
  drill: DrillName,
  stage: Stage,
) => Promise<{ predictions: readonly Prediction[]; digest: string }>;

export interface PlayOptions {
  readonly run: string;
  readonly freeze: Freeze;
  readonly say: (what: string) => void;
}

/** Requests that are not answered when the power goes may still be, by whoever is left. */
const IN_FLIGHT_SECONDS = 0.3;
/** By then an isolated database has dropped the others (`evs.inactive_timeout`), and answers nothing, not even reads. */
const QUIET_SECONDS = SHIPPED_TIMERS.galeraInactive + 1;
/** By then the services have dropped their connections to a host that is gone: any request may meet one of them. */
const FORGOTTEN_SECONDS = 2 * SHIPPED_TIMERS.amqpHeartbeat;
const LEAD_SECONDS = 4;
/** What succeeds this soon may not have met the failure yet. */
const SETTLED_SECONDS = 2.5;

/** Plays one drill to its end: afterwards every host is on and healthy. @throws Error where the cloud does not recover */
export async function play(target: DrillTarget, drill: Drill, options: PlayOptions): Promise<Outcome> {
  const { run, say } = options;
  await target.restore();
  return await underLoad(target, run, async (load) => {
    const { client, probes } = load;
    await waitFor(target, 'three successes of each request', PATIENCE_SECONDS, async () => {
      const records = await client.records();
      const missing = probes.find((probe) => records.filter((each) => each.probe === probe && each.ok).length < 3);
      return missing === undefined ? undefined : `fewer of ${missing} yet`;
    });
    const stage = await stageOf(target, drill);
    const { predictions, digest } = await options.freeze(drill.name, stage);
    await target.sleep(LEAD_SECONDS);
    say(
      `${drill.title}: ${stage.gone.join(', ')} (VIP on ${stage.holder}, writer ${stage.writer}, OVN led by ${stage.ovnLeader})`,
    );

    const returns = drill.name === 'host-returns';
    if (returns) await goneBefore(target, stage, load);
    const began = target.now();
    if (!returns) await takeAway(target, drill, stage);
    const away = target.now();
    const minority = returns ? [] : await whileAway(target, drill, stage, { client, predictions, run, away });
    const returnedAt = target.now();
    await giveBack(target, drill, stage);
    const { syncedSeconds, healthySeconds } = await comeBack(target, stage, load, returnedAt);
    await target.sleep(2);
    const ended = target.now();
    const { records, readBack } = await load.end();
    const down = predictions.filter(({ outcome }) => outcome === 'down').map(({ probe }) => probe);
    const quiet = accepted(records, away + IN_FLIGHT_SECONDS, returnedAt)
      .filter(({ probe }) => down.includes(probe))
      // A token is a read: until the remaining member knows that it has no majority, it may answer from what it has.
      .filter(({ probe, start }) => probe !== 'token' || start > away + QUIET_SECONDS)
      .map(({ probe, start }) => `${probe} succeeded ${round(start - away)} s after`);
    const until = drill.name === 'host-returns' || drill.name === 'writer-killed' ? ended : returnedAt;
    return {
      ...{ drill: drill.name, stage, predictions, predictionDigest: digest },
      outages: probes.map((probe) =>
        outageOf(records, probe, down.includes(probe) ? away + IN_FLIGHT_SECONDS : began, until),
      ),
      returned: stage.gone.length === 0 ? [] : probes.map((probe) => outageOf(records, probe, returnedAt, ended)),
      ...{ syncedSeconds, healthySeconds, readBack },
      acceptedByMinority: [...quiet, ...minority],
      minorityRows: await target.minorityRows(run),
    };
  });
}

/** Until the cloud has recovered: databases are synced, requests succeed, every service on every host is healthy. */
async function comeBack(
  target: DrillTarget,
  { gone }: Stage,
  load: Load,
  since: number,
): Promise<Pick<Outcome, 'syncedSeconds' | 'healthySeconds'>> {
  const syncedSeconds: Record<string, number> = {};
  const members = gone.map(async (host) => {
    await waitFor(target, `${host} to be a synced member`, PATIENCE_SECONDS, async () => {
      return (await target.synced(host)) ? undefined : 'not synced';
    });
    syncedSeconds[host] = round(target.now() - since);
  });
  await Promise.all(members);
  await load.recovered(since);
  return { syncedSeconds, healthySeconds: round(target.now() - since) };
}

/** A host that returns must have left first, long enough ago that no request fails any more. */
async function goneBefore(target: DrillTarget, { gone }: Stage, { client, probes }: Load): Promise<void> {
  await target.off(gone);
  const off = target.now();
  await waitFor(target, 'a cloud that serves without it', PATIENCE_SECONDS, async () => {
    if (target.now() - off < FORGOTTEN_SECONDS) return 'services may still have connections to it';
    const failed = (await client.records()).find(({ ok, end }) => !ok && end > target.now() - 4);
    return failed === undefined ? notYet(client, probes, off + SETTLED_SECONDS) : `${failed.probe} still fails`;
  });
}

async function takeAway(target: DrillTarget, drill: Drill, { gone, writer }: Stage): Promise<void> {
  if (drill.name === 'writer-killed') await target.kill(writer, 'mariadb');
  else if (drill.name === 'cut-off') for (const host of gone) await target.cut(host);
  else await target.off(gone);
}

async function giveBack(target: DrillTarget, drill: Drill, { gone }: Stage): Promise<void> {
  if (drill.name === 'writer-killed') return;
  if (drill.name === 'cut-off') for (const host of gone) await target.heal(host);
  else await target.on(gone);
}

/** Until all that should survive has recovered; then asks the hosts without a majority. @returns what they accepted */
async function whileAway(
  target: DrillTarget,
  drill: Drill,
  stage: Stage,
  {
    client,
    predictions,
    run,
    away,
  }: {
    readonly client: DrillClient;
    readonly predictions: readonly Prediction[];
    readonly run: string;
    readonly away: number;
  },
): Promise<readonly string[]> {
  const survivors = predictions.filter(({ outcome }) => outcome !== 'down').map(({ probe }) => probe);
  await waitFor(target, 'the services that should survive', PATIENCE_SECONDS, () =>
    notYet(client, survivors, away + SETTLED_SECONDS),
  );
  await target.sleep(drill.holdSeconds);
  const alone = minorityOf(target, drill, stage);
  if (alone.length === 0) return [];
  const rest = QUIET_SECONDS - (target.now() - away);
  if (rest > 0) await target.sleep(rest);
  const tried = await Promise.all(alone.map(async (host) => [host, await target.tryMinority(host, run)] as const));
  return tried.flatMap(([host, result]) =>
    Object.entries(result).flatMap(([what, { accepted: was }]) => (was ? [`${host} accepted ${what}`] : [])),
  );
}

function minorityOf(target: DrillTarget, drill: Drill, { gone }: Stage): readonly string[] {
  if (drill.name === 'cut-off') return gone;
  const left = target.hosts.map(({ name }) => name).filter((name) => !gone.includes(name));
  return drill.name === 'two-off' ? left : [];
}

async function stageOf(target: DrillTarget, drill: Drill): Promise<Stage> {
  const find = async (what: string, ask: () => Promise<string | undefined>, otherwise: string) =>
    await findOut(target, what, PATIENCE_SECONDS, ask, otherwise);
  const holder = await find('a holder of the VIP', () => target.holder(), 'no host has the VIP');
  const names = target.hosts.map(({ name }) => name);
  const others = names.filter((name) => name !== holder);
  if (drill.name === 'holder-off') {
    await waitFor(target, 'the writer on the holder of the VIP', PATIENCE_SECONDS, async () => {
      if ((await target.writer()) === holder) return undefined;
      await target.makeWriter(holder);
      await target.sleep(1);
      return 'the writes go to another host';
    });
  }
  const writer = await find('a writer', () => target.writer(), 'nothing has been written');
  const ovnLeader = await find('a leader of OVN’s databases', () => target.ovnLeader(), 'none of them leads');
  const stage = { holder, writer, ovnLeader };
  switch (drill.name) {
    case 'writer-killed':
      return { ...stage, gone: [writer] };
    case 'host-returns':
      return { ...stage, gone: others.slice(0, 1) };
    case 'rack-off': {
      const rack = target.hosts.find(({ name }) => name === others.at(-1))?.rack;
      return { ...stage, gone: target.hosts.filter((host) => host.rack === rack).map(({ name }) => name) };
    }
    case 'two-off':
      return { ...stage, gone: [holder, others[0] ?? ''] };
    case 'all-off':
      return { ...stage, gone: names };
    default:
      return { ...stage, gone: [holder] };
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
