import type { GaleraPosition } from '../recovery/position.ts';
import type { Probe } from './drills.ts';
import { lostWrites, outageOf, type ReadBack } from './measure.ts';
import type { DrillTarget } from './target.ts';
import { type Load, tenths, underLoad } from './under-load.ts';
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
  const play = async ({ client, probes, recovered: allWell, end }: Load): Promise<DarkStart> => {
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
    await allWell(recovered);
    const healthy = target.now();
    const { records, readBack } = await end();
    const known = Object.fromEntries(positions.map(({ host, seqno }) => [host, seqno ?? -1]));
    const back = probes.map((probe) => [probe, outageOf(records, probe, began, healthy).back] as const);
    return {
      ...{ order, early, founder, positions: known, readBack },
      recoveredSeconds: tenths(recovered - powered),
      healthySeconds: tenths(healthy - began),
      backSeconds: Object.fromEntries(back),
      faults: faultsOf(founder, known, readBack),
    };
  };
  return await underLoad(target, run, play, patienceSeconds);
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
  return [
    ...lostWrites(readBack),
    ...(founder === null || positions[founder] === newest
      ? []
      : [`${founder} founded the cluster, and others had newer writes`]),
  ];
}
