import { expect, it } from 'vitest';
import { cloudOf, type Machine, memberDrills } from '../../../../lib/cloud-operations/drill/run-changes.ts';
import { cloudSchema } from '../../../../lib/config/schema/cloud.ts';
import { worstGaps } from '../../../../lib/private-cloud/drill/predict.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { drillCloud } from '../../private-cloud/drill/cloud.ts';

const machines = ['a', 'b', 'c', 'd'].map(
  (rack, index): Machine => ({ name: `control-${rack}-1`, rack, address: `10.66.0.${11 + index}` }),
);
const names = (of: readonly Machine[]): string => of.map(({ rack }) => rack).join('');

it('lets a fourth machine come and go, and ends as it began', () => {
  const drills = memberDrills(machines);
  expect(drills.map(({ from, to }) => `${names(from)} ${names(to)}`)).toEqual([
    'abc abcd',
    'abcd abc',
    'abc abd',
    'abd abc',
  ]);
  for (const [index, { from }] of drills.entries()) expect(from).toEqual(drills.at(index - 1)?.to);
});

it('makes the drill’s cloud of other machines, and of the same ones as it stands', () => {
  const of = (made: readonly Machine[]) => topologyOf('drill', cloudSchema.parse(cloudOf(drillCloud(), made))).hosts;
  expect(of(machines.slice(0, 3))).toEqual(topologyOf('drill', drillCloud()).hosts);
  const [, , , fourth] = of(machines);
  expect(fourth).toMatchObject({ name: 'control-d-1', rack: 'd', addresses: { internal: '10.66.0.14' } });
});

it('compares growth from one controller with no gap: the loss of that one stops everything', () => {
  const one = cloudSchema.parse(cloudOf(drillCloud(), machines.slice(0, 1)));
  expect(worstGaps(one)).toEqual({});
});
