import { describe, expect, it } from 'vitest';
import { HA_MACHINES } from '../../../lab/ha/index.ts';
import type { Machine, MemberDrill } from '../../../lib/cloud-operations/drill/run-changes.ts';
import { isWhole } from '../../chaos.ts';
import { drilledLab } from './drilled-lab.ts';

type Machines = readonly Machine[];

const [a, b, c, d] = HA_MACHINES;
if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('no four machines');
const FOUR: Machines = [a, b, c, d];

const without = (gone: Machine): Machines => FOUR.filter((each) => each !== gone);
const add = (joins: Machine): MemberDrill => ({ name: `add ${joins.name}`, from: without(joins), to: FOUR });
const remove = (leaves: Machine): MemberDrill => ({ name: `remove ${leaves.name}`, from: FOUR, to: without(leaves) });
/** @param joins the one that is not there */
const replace = (leaves: Machine, joins: Machine): MemberDrill => ({
  ...{ name: `replace ${leaves.name} by ${joins.name}`, from: without(joins), to: without(leaves) },
});

/** One after the other on one lab, five of each but the growth: with `npm run test:chaos` alone, since each takes minutes. */
const DRILLS: readonly (readonly MemberDrill[])[] = [
  // Each machine leaves and comes back, to brokers and databases that had forgotten it.
  [add(d), remove(a), add(a), remove(b), add(b), remove(c), add(c), remove(d), add(d), remove(d)],
  [replace(c, d), replace(b, c), replace(a, b), replace(d, a), replace(c, d)],
  [{ name: `grow from ${a.name} alone`, from: [a], to: [a, b, c] }],
];

describe.runIf(isWhole).each(DRILLS)(
  'changes of members that begin with: $name',
  (...drills: readonly MemberDrill[]) => {
    const lab = drilledLab(drills[0]?.from.map(({ name }) => name));

    it.each(drills)(
      '$name under load: nothing acknowledged is lost, and every member says so',
      async (drill) => {
        const { changes } = await lab.drill({ changes: { drills: [drill] } });
        const [change] = changes;
        expect(change?.faults).toEqual([]);
        expect(change?.after.toSorted()).toEqual(drill.to.map(({ name }) => name).toSorted());
        for (const probe of ['sql', 'ovn', 'stream'])
          expect(change?.readBack[probe]?.acknowledged, probe).toBeGreaterThan(20);
      },
      1_200_000,
    );
  },
);
