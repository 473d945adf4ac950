import { SHIPPED_TIMERS } from '../topology/timers.ts';
import type { Drill, DrillName, Probe } from './drills.ts';
import { probesOf } from './drills.ts';
import { accepted, type ClientRecord, type Felt, felt, type ReadBack } from './measure.ts';
import type { Prediction, Stage } from './predict.ts';
import type { DrillClient, DrillGround } from './target.ts';

/** What was seen. Times in seconds from the moment that something was taken away, unless they say otherwise. */
export interface Outcome {
  readonly drill: DrillName;
  readonly stage: Stage;
  readonly predictions: readonly Prediction[];
  /** Of the predictions, as they were frozen before anything was taken away: `sha256:…`. */
  readonly predictionDigest: string;
  /** While it was away: until power returned, or until all was well again by itself. */
  readonly felt: readonly Felt[];
  /** From the return of power; empty where nothing was off. */
  readonly returned: readonly Felt[];
  /** From the return until each database was a member in good standing. */
  readonly syncedSeconds: Readonly<Record<string, number>>;
  /** From the return until every service on every host did its work. */
  readonly wholeSeconds: number;
  readonly readBack: ReadBack;
  /** Requests that were accepted while nothing may be, and what a host without a majority accepted. */
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
  /** How long anything may take to come back, in seconds. @default 420 */
  readonly patienceSeconds?: number;
}

/** Requests that are not answered when the power goes may still be, by whoever is left. */
const IN_FLIGHT_SECONDS = 0.3;
/** By then a database that is left alone has given the others up (`evs.inactive_timeout`), and answers nothing, not even reads. */
const QUIET_SECONDS = SHIPPED_TIMERS.galeraInactive + 1;
/** By then the services have noticed too which of their connections were to a host that is gone: any request may meet one of these. */
const FORGOTTEN_SECONDS = 2 * SHIPPED_TIMERS.amqpHeartbeat;
const LEAD_SECONDS = 4;
/** What succeeds this soon may not have met the failure yet. */
const SETTLED_SECONDS = 2.5;

/** Plays one drill to its end: afterwards everything is on again, and whole. @throws Error where it does not come back */
export async function play(ground: DrillGround, drill: Drill, options: PlayOptions): Promise<Outcome> {
  const { run, say, patienceSeconds = 420 } = options;
  await ground.restore();
  await wait(ground, 'a whole cloud', patienceSeconds, async () => await ground.fault());
  const names = ground.hosts.map(({ name }) => name);
  const probes = probesOf(names);
  const client = await ground.startClient(run);
  let stopped = false;
  try {
    await wait(ground, 'a first success of each request', patienceSeconds, async () => {
      const records = await client.records();
      const missing = probes.find((probe) => records.filter((each) => each.probe === probe && each.ok).length < 3);
      return missing === undefined ? undefined : `none of ${missing} yet`;
    });
    const stage = await stageOf(ground, drill, patienceSeconds);
    const { predictions, digest } = await options.freeze(drill.name, stage);
    await ground.sleep(LEAD_SECONDS);
    say(
      `${drill.title}: ${stage.gone.join(', ')} (VIP on ${stage.holder}, writer ${stage.writer}, OVN led by ${stage.ovnLeader})`,
    );

    const returns = drill.name === 'host-returns';
    if (returns) await goneBefore(ground, stage, client, probes, patienceSeconds);
    const began = ground.now();
    if (!returns) await takeAway(ground, drill, stage);
    const away = ground.now();
    const waiting = { run, patienceSeconds };
    const minority = returns ? [] : await whileAway(ground, drill, stage, client, predictions, waiting, away);
    const returnedAt = ground.now();
    await giveBack(ground, drill, stage);
    const { syncedSeconds, wholeSeconds } = await comeBack(ground, stage, client, probes, patienceSeconds, returnedAt);
    await ground.sleep(2);
    const ended = ground.now();
    stopped = true;
    const readBack = await client.stop();
    const records = await client.records();
    const down = predictions.filter(({ outcome }) => outcome === 'down').map(({ probe }) => probe);
    const quiet = accepted(records, away + IN_FLIGHT_SECONDS, returnedAt)
      .filter(({ probe }) => down.includes(probe))
      // A token is a read: until the member that is left knows that it is alone, it may answer from what it has.
      .filter(({ probe, start }) => probe !== 'token' || start > away + QUIET_SECONDS)
      .map(({ probe, start }) => `${probe} succeeded ${round(start - away)} s after`);
    const until = drill.name === 'host-returns' || drill.name === 'writer-killed' ? ended : returnedAt;
    return {
      ...{ drill: drill.name, stage, predictions, predictionDigest: digest },
      felt: probes.map((probe) => felt(records, probe, down.includes(probe) ? away + IN_FLIGHT_SECONDS : began, until)),
      returned: stage.gone.length === 0 ? [] : probes.map((probe) => felt(records, probe, returnedAt, ended)),
      ...{ syncedSeconds, wholeSeconds, readBack },
      acceptedByMinority: [...quiet, ...minority],
      minorityRows: await ground.minorityRows(run),
    };
  } finally {
    if (!stopped) await client.stop().catch(() => undefined);
  }
}

/** Until all is as it was: members in good standing, requests that succeed, every service on every host. */
async function comeBack(
  ground: DrillGround,
  { gone }: Stage,
  client: DrillClient,
  probes: readonly Probe[],
  patience: number,
  since: number,
): Promise<Pick<Outcome, 'syncedSeconds' | 'wholeSeconds'>> {
  const syncedSeconds: Record<string, number> = {};
  const members = gone.map(async (host) => {
    await wait(ground, `${host} as a member`, patience, async () => {
      return (await ground.synced(host)) ? undefined : 'not synced';
    });
    syncedSeconds[host] = round(ground.now() - since);
  });
  await Promise.all(members);
  await wait(ground, 'every request', patience, async () => {
    return (await isBack(client, probes, since)) ? undefined : 'not every request succeeds yet';
  });
  await wait(ground, 'a whole cloud', patience, async () => await ground.fault());
  return { syncedSeconds, wholeSeconds: round(ground.now() - since) };
}

/** For a return there must be a leaving first, long enough ago that nobody feels it any more. */
async function goneBefore(
  ground: DrillGround,
  { gone }: Stage,
  client: DrillClient,
  probes: readonly Probe[],
  patience: number,
): Promise<void> {
  await ground.off(gone);
  const off = ground.now();
  await wait(ground, 'quiet without it', patience, async () => {
    const failed = (await client.records()).find(({ ok, end }) => !ok && end > ground.now() - 4);
    if (ground.now() - off < FORGOTTEN_SECONDS || !(await isBack(client, probes, off + SETTLED_SECONDS)))
      return 'not every request succeeds again yet';
    return failed === undefined ? undefined : `${failed.probe} still fails`;
  });
}

async function takeAway(ground: DrillGround, drill: Drill, { gone, writer }: Stage): Promise<void> {
  if (drill.name === 'writer-killed') await ground.kill(writer, 'mariadb');
  else if (drill.name === 'cut-off') for (const host of gone) await ground.cut(host);
  else await ground.off(gone);
}

async function giveBack(ground: DrillGround, drill: Drill, { gone }: Stage): Promise<void> {
  if (drill.name === 'writer-killed') return;
  if (drill.name === 'cut-off') for (const host of gone) await ground.heal(host);
  else await ground.on(gone);
}

/** Until all that should survive is back; then asks whoever has no majority. @returns what it accepted */
async function whileAway(
  ground: DrillGround,
  drill: Drill,
  stage: Stage,
  client: DrillClient,
  predictions: readonly Prediction[],
  { run, patienceSeconds }: { readonly run: string; readonly patienceSeconds: number },
  away: number,
): Promise<readonly string[]> {
  const survivors = predictions.filter(({ outcome }) => outcome !== 'down').map(({ probe }) => probe);
  await wait(ground, 'what should survive', patienceSeconds, async () => {
    return (await isBack(client, survivors, away + SETTLED_SECONDS))
      ? undefined
      : 'not every request succeeds again yet';
  });
  await ground.sleep(drill.holdSeconds);
  const alone = minorityOf(ground, drill, stage);
  if (alone.length === 0) return [];
  const rest = QUIET_SECONDS - (ground.now() - away);
  if (rest > 0) await ground.sleep(rest);
  const tried = await Promise.all(alone.map(async (host) => [host, await ground.tryMinority(host, run)] as const));
  return tried.flatMap(([host, result]) =>
    Object.entries(result).flatMap(([what, { accepted: was }]) => (was ? [`${host} accepted ${what}`] : [])),
  );
}

function minorityOf(ground: DrillGround, drill: Drill, { gone }: Stage): readonly string[] {
  if (drill.name === 'cut-off') return gone;
  const left = ground.hosts.map(({ name }) => name).filter((name) => !gone.includes(name));
  return drill.name === 'two-off' ? left : [];
}

/** Whether the last answer to each of these is a success that was begun since then. */
async function isBack(client: DrillClient, probes: readonly Probe[], since: number): Promise<boolean> {
  const last = new Map<Probe, ClientRecord>();
  for (const record of await client.records()) last.set(record.probe, record);
  return probes.every((probe) => {
    const record = last.get(probe);
    return record?.ok === true && record.start >= since;
  });
}

async function holderOf(ground: DrillGround, patience: number): Promise<string> {
  let holder: string | undefined;
  await wait(ground, 'a holder of the VIP', patience, async () => {
    holder = await ground.holder();
    return holder === undefined ? 'nobody has the VIP' : undefined;
  });
  return holder ?? '';
}

async function stageOf(ground: DrillGround, drill: Drill, patience: number): Promise<Stage> {
  const holder = await holderOf(ground, patience);
  const names = ground.hosts.map(({ name }) => name);
  const others = names.filter((name) => name !== holder);
  if (drill.name === 'holder-off') {
    await wait(ground, 'the writer on the holder of the VIP', patience, async () => {
      if ((await ground.writer()) === holder) return undefined;
      await ground.makeWriter(holder);
      await ground.sleep(1);
      return 'another host writes';
    });
  }
  let writer: string | undefined;
  await wait(ground, 'a writer', patience, async () => {
    writer = await ground.writer();
    return writer === undefined ? 'nothing was written' : undefined;
  });
  let ovnLeader: string | undefined;
  await wait(ground, 'a leader of OVN’s databases', patience, async () => {
    ovnLeader = await ground.ovnLeader();
    return ovnLeader === undefined ? 'nobody leads' : undefined;
  });
  const stage = { holder, writer: writer ?? '', ovnLeader: ovnLeader ?? '' };
  switch (drill.name) {
    case 'writer-killed':
      return { ...stage, gone: [stage.writer] };
    case 'host-returns':
      return { ...stage, gone: others.slice(0, 1) };
    case 'rack-off': {
      const rack = ground.hosts.find(({ name }) => name === others.at(-1))?.rack;
      return { ...stage, gone: ground.hosts.filter((host) => host.rack === rack).map(({ name }) => name) };
    }
    case 'two-off':
      return { ...stage, gone: [holder, others[0] ?? ''] };
    case 'all-off':
      return { ...stage, gone: names };
    default:
      return { ...stage, gone: [holder] };
  }
}

async function wait(
  ground: DrillGround,
  what: string,
  seconds: number,
  ask: () => Promise<string | undefined>,
): Promise<void> {
  const deadline = ground.now() + seconds;
  for (;;) {
    const reason = await ask();
    if (reason === undefined) return;
    if (ground.now() > deadline) throw new Error(`${what} was not there after ${seconds} s: ${reason}`);
    await ground.sleep(0.3);
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
