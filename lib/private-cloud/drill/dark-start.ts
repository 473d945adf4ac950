import type { GaleraPosition } from '../recovery/position.ts';
import { type Probe, probesOf } from './drills.ts';
import { outageOf, type ReadBack } from './measure.ts';
import type { DrillTarget } from './target.ts';
import { notYet, waitFor } from './wait.ts';

export interface DarkStartTarget extends DrillTarget {
  /** Takes from a host that is off by which Galera finds its last members: what a power cut may do, and what asks for an operator. */
  loseView(host: string): Promise<void>;
}

/** Whose database founded the cluster, of those that were asked. */
export interface Recovered {
  readonly founder: string;
  readonly positions: readonly GaleraPosition[];
}

export interface DarkStartOptions {
  readonly run: string;
  /** Of the hosts, as they get power. */
  readonly order: readonly string[];
  /** Hosts whose power went earlier, while the others went on taking writes. @default none */
  readonly early?: readonly string[];
  /** Galera keeps by which it finds its last members: then nobody leads. @default false */
  readonly keepsView?: boolean;
  /** Between one host and the next. @default 5 */
  readonly gapSeconds?: number;
  /** Leads through the recovery; repeated while positions are not known yet. */
  readonly recover: () => Promise<Recovered>;
  readonly say: (what: string) => void;
  /** How long recovery may take. @default 600 */
  readonly patienceSeconds?: number;
}

/** Times in seconds from the first host's power. */
export interface DarkStart {
  readonly order: readonly string[];
  readonly early: readonly string[];
  /** Null where the members found each other by themselves. */
  readonly founder: string | null;
  /** Number of the last write, by host. */
  readonly positions: Readonly<Record<string, number>>;
  /** From the moment when the last host had power. */
  readonly recoveredSeconds: number;
  /** Until each request had succeeded and every service on every host was healthy. */
  readonly healthySeconds: number;
  /** Until the first success of each request. */
  readonly backSeconds: Readonly<Record<Probe, number | undefined>>;
  readonly readBack: ReadBack;
  /** What must not be; none where all is well. */
  readonly faults: readonly string[];
}

/** Enough writes that what is lost would be seen. */
const LOAD_SECONDS = 6;
/** From then on the others, which have dropped a host that lost its power, write on. */
const EARLY_SECONDS = 3;

/**
 * Every host loses its power under load; power returns in an order, and the recovery is led through. Afterwards every host is on and healthy.
 * @throws Error where the cloud does not come back
 */
export async function playDarkStart(target: DarkStartTarget, options: DarkStartOptions): Promise<DarkStart> {
  const { run, order, early = [], keepsView = false, gapSeconds = 5, say, patienceSeconds = 600 } = options;
  await target.restore();
  await waitFor(target, 'a healthy cloud', patienceSeconds, async () => await target.fault());
  const probes = probesOf(target.hosts.map(({ name }) => name));
  const client = await target.startClient(run);
  let stopped = false;
  try {
    await waitFor(target, 'a first success of each request', patienceSeconds, () => notYet(client, probes, 0));
    await target.sleep(LOAD_SECONDS);
    if (early.length > 0) {
      await target.off(early);
      const alone = target.now();
      await waitFor(target, 'a write without it', patienceSeconds, async () => await notYet(client, ['sql'], alone));
      await target.sleep(EARLY_SECONDS);
    }
    say(`Every host loses its power; it returns to ${order.join(', ')}.`);
    await target.off(order.filter((host) => !early.includes(host)));
    if (!keepsView) for (const host of order) await target.loseView(host);
    const began = target.now();
    for (const [index, host] of order.entries()) {
      if (index > 0) await target.sleep(gapSeconds);
      await target.on([host]);
    }
    const powered = target.now();
    const led = keepsView ? undefined : await options.recover();
    if (led === undefined)
      await waitFor(target, 'databases that find each other', patienceSeconds, async () => await unsynced(target));
    const { founder = null, positions = [] } = led ?? {};
    const recovered = target.now();
    await waitFor(target, 'a success of each request', patienceSeconds, () => notYet(client, probes, recovered));
    await waitFor(target, 'a healthy cloud', patienceSeconds, async () => await target.fault());
    const healthy = target.now();
    stopped = true;
    const readBack = await client.stop();
    const records = await client.records();
    const known = Object.fromEntries(positions.map(({ host, seqno }) => [host, seqno ?? -1]));
    const back = probes.map((probe) => [probe, outageOf(records, probe, began, healthy).back] as const);
    return {
      ...{ order, early, founder, positions: known, readBack },
      recoveredSeconds: round(recovered - powered),
      healthySeconds: round(healthy - began),
      backSeconds: Object.fromEntries(back),
      faults: faultsOf(founder, known, readBack),
    };
  } finally {
    if (!stopped) await client.stop().catch(() => undefined);
  }
}

async function unsynced(target: DarkStartTarget): Promise<string | undefined> {
  for (const { name } of target.hosts) if (!(await target.synced(name))) return `${name} is not synced`;
  return undefined;
}

function faultsOf(
  founder: string | null,
  positions: Readonly<Record<string, number>>,
  readBack: ReadBack,
): readonly string[] {
  const newest = Math.max(...Object.values(positions));
  const lost = Object.entries(readBack).filter(([, read]) => read.lost > 0);
  return [
    ...lost.map(([probe, read]) => `${probe}: ${read.lost} of ${read.acknowledged} acknowledged writes are lost`),
    ...(founder === null || positions[founder] === newest
      ? []
      : [`${founder} founded the cluster, and others had newer writes`]),
  ];
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
