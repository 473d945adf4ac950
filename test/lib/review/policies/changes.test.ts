import { expect, test } from 'vitest';
import type { Change, Plan } from '../../../../lib/plan/model.ts';
import { destroysData } from '../../../../lib/review/policies/data.ts';

const volumes = (count: number): Plan => {
  const changes = Array.from({ length: count }, (_, at) => ({
    address: `volume-${at}`,
    action: 'delete',
    noise: false,
    reasons: ['CAUTION: it takes the data on the volume with it'],
  })) as unknown as Change[];
  return { stacks: [{ id: 'openstack/paris/dev/anna', changes }] } as unknown as Plan;
};
const found = (plan: Plan) => destroysData.check(plan, undefined as never);

test('up to six findings of a stack are told one by one', () => {
  expect(found(volumes(6))).toHaveLength(6);
  expect(found(volumes(1))[0]?.reason).toBe('delete: it takes the data on the volume with it');
});

test('more of them are one, which counts them and names the first', () => {
  expect(found(volumes(7)).map(({ reason }) => reason)).toEqual([
    '7 changes that lose data, the first volume-0: delete: it takes the data on the volume with it',
  ]);
});
