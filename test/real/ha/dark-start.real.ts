import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HA_CLOUD_FILE, haDown, haUp, openDrillTarget, openHaPorts } from '../../../lab/ha/index.ts';
import { type DarkOrder, ordersOf } from '../../../lib/cloud-operations/drill/run-dark-starts.ts';
import { runDrills } from '../../../lib/cloud-operations/drill/run-drills.ts';
import { hostUnreachable } from '../../../lib/engines/kolla/errors.ts';
import { SHIPPED_TIMERS } from '../../../lib/private-cloud/topology/timers.ts';

const directory = process.env['TANDEM_HA_DIRECTORY'] ?? '/var/lib/tandem-lab-ha-test';
const folder = mkdtempSync(join(tmpdir(), 'tandem-dark-'));
const say = (what: string): void => void process.stderr.write(`${what}\n`);
const [a, b, c] = ['control-a-1', 'control-b-1', 'control-c-1'] as const;

/** By day the order in which the first host with power is behind. All with `npm run test:chaos`. */
const SAMPLE: readonly DarkOrder[] = [{ order: [a, b, c], early: a }];
const others = (early: string): readonly string[] => [a, b, c].filter((each) => each !== early);
const ORDERS: readonly DarkOrder[] =
  process.env['TANDEM_CHAOS'] === 'all'
    ? [
        ...ordersOf([a, b, c]).map((order) => ({ order })),
        ...[a, b, c].map((early) => ({ order: [early, ...others(early)], early })),
      ]
    : SAMPLE;

beforeAll(async () => {
  await haDown({ directory, keepPackages: true });
  await haUp({ directory, timers: SHIPPED_TIMERS, onProgress: ({ phase, message }) => say(`${phase}: ${message}`) });
}, 1_800_000);

afterAll(async () => {
  await haDown({ directory, keepPackages: true });
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

it.each(ORDERS)(
  'power returns to $order, after $early went early: the newest founds the database anew, and no row is lost',
  async (order) => {
    const ports = await openHaPorts({ directory, timers: SHIPPED_TIMERS, unreachable: hostUnreachable });
    const run = await runDrills({
      ...{ drills: [], folder, at: new Date(), say, cloudFile: HA_CLOUD_FILE },
      darkStarts: { orders: [order], ports, signal: new AbortController().signal },
      target: await openDrillTarget({ directory }),
    });
    say(readFileSync(run.markdown, 'utf8').split('## What this')[0] ?? '');
    const [start] = run.report.darkStarts;
    expect(start?.faults).toEqual([]);
    expect(start?.readBack['sql']?.acknowledged).toBeGreaterThan(20);
    const { early } = order;
    if (early === undefined || start === undefined) return;
    // The one that went early missed writes: whoever founds the database is another one.
    expect(start.positions[early]).toBeLessThan(Math.max(...Object.values(start.positions)));
    expect(start.founder).not.toBe(early);
  },
);
