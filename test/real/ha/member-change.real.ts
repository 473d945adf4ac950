import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HA_CLOUD_FILE, HA_MACHINES, haDown, haUp, openDrillTarget, openHaPorts } from '../../../lab/ha/index.ts';
import { type Machine, type MemberDrill, memberDrills } from '../../../lib/cloud-operations/drill/run-changes.ts';
import { runDrills } from '../../../lib/cloud-operations/drill/run-drills.ts';
import { hostUnreachable } from '../../../lib/engines/kolla/errors.ts';
import { SHIPPED_TIMERS } from '../../../lib/private-cloud/topology/timers.ts';

const directory = process.env['TANDEM_HA_DIRECTORY'] ?? '/var/lib/tandem-lab-ha-test';
const folder = mkdtempSync(join(tmpdir(), 'tandem-members-'));
const say = (what: string): void => void process.stderr.write(`${what}\n`);
const [a, b, c, d] = HA_MACHINES;
if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('no four machines');

/** Five of each kind, so that each machine leaves and comes back: with `npm run test:chaos` alone, as one takes as long as all other drills. */
const DRILLS: readonly MemberDrill[] = [
  ...round(a, b, c, d),
  ...memberDrills(HA_MACHINES).slice(0, 2),
  ...replacements(a, b, c, d),
];
const isWhole = process.env['TANDEM_CHAOS'] === 'all';

/** A fourth joins and another leaves, until those are there with which it began. */
function round(...four: readonly Machine[]): readonly MemberDrill[] {
  const without = (gone: Machine | undefined) => four.filter((each) => each !== gone);
  const order = [...four.slice(0, -1), ...four.slice(-1)];
  return order.flatMap((leaves, index) => {
    const joins = order.at(index - 1);
    return [
      { name: `add ${joins?.name ?? ''}`, from: without(joins), to: four },
      { name: `remove ${leaves.name}`, from: four, to: without(leaves) },
    ];
  });
}

/** Each machine in turn is replaced by the one that is not there. */
function replacements(...four: readonly Machine[]): readonly MemberDrill[] {
  const left = (gone: Machine | undefined) => four.filter((each) => each !== gone);
  const [one, two, three, spare] = four;
  const absent = [spare, one, two, three, spare, one];
  return absent.slice(0, -1).map((joins, index) => ({
    name: `replace ${absent[index + 1]?.name ?? ''} by ${joins?.name ?? ''}`,
    from: left(joins),
    to: left(absent[index + 1]),
  }));
}

beforeAll(async () => {
  await haDown({ directory, keepPackages: true });
  await haUp({ directory, timers: SHIPPED_TIMERS, onProgress: ({ phase, message }) => say(`${phase}: ${message}`) });
}, 1_800_000);

afterAll(async () => {
  await haDown({ directory, keepPackages: true });
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

it.runIf(isWhole).each(DRILLS)(
  '$name under load: nothing acknowledged is lost, and every member says so',
  async (drill) => {
    const ports = await openHaPorts({ directory, timers: SHIPPED_TIMERS, unreachable: hostUnreachable });
    const run = await runDrills({
      ...{ drills: [], folder, at: new Date(), say, cloudFile: HA_CLOUD_FILE },
      changes: { drills: [drill], ports, signal: new AbortController().signal },
      target: await openDrillTarget({ directory }),
    });
    say(readFileSync(run.markdown, 'utf8').split('## What this')[0] ?? '');
    const [change] = run.report.changes;
    expect(change?.faults).toEqual([]);
    expect(change?.after.toSorted()).toEqual(drill.to.map(({ name }) => name).toSorted());
    for (const probe of ['sql', 'ovn', 'stream'])
      expect(change?.readBack[probe]?.acknowledged, probe).toBeGreaterThan(20);
  },
);
