import { expect, it } from 'vitest';
import { type DarkOrder, ordersOf } from '../../../lib/cloud-operations/drill/run-dark-starts.ts';
import { drilledLab } from './drilled-lab.ts';

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

const lab = drilledLab();

it.each(ORDERS)(
  'power returns to $order, after $early went early: the newest founds the database anew, and no row is lost',
  async (order) => {
    const report = await lab.drill({ darkStarts: { orders: [order] } });
    const [start] = report.darkStarts;
    expect(start?.faults).toEqual([]);
    expect(start?.readBack['sql']?.acknowledged).toBeGreaterThan(20);
    const { early } = order;
    if (early === undefined || start === undefined) return;
    // The one that went early missed writes: whoever founds the database is another one.
    expect(start.positions[early]).toBeLessThan(Math.max(...Object.values(start.positions)));
    expect(start.founder).not.toBe(early);
  },
);
