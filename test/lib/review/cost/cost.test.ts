import { describe, expect, it } from 'vitest';
import type { PlanCost } from '../../../../lib/plan/model.ts';
import { costOf } from '../../../../lib/review/cost/cost.ts';
import { type Edit, planEdit, replaceIn } from '../edited.ts';

const PROD = 'config/environments/prod.yaml';

async function costAfter(edit: Edit): Promise<PlanCost | null> {
  const { plan, project, base } = await planEdit(edit);
  return costOf(plan, { project, before: () => (edit.fromNothing === true ? 'absent' : base) });
}

describe('what a plan costs', () => {
  it('is null where nothing changes what is paid', async () => {
    const edit = (files: Record<string, string>) => replaceIn(files, PROD, 'about 500 instances', 'many');
    expect(await costAfter({ edit, stacks: ['aws/prod/cluster'] })).toBeNull();
    const command = (files: Record<string, string>) =>
      replaceIn(files, 'config/environments/base.yaml', 'jobs/word-statistics', 'jobs/other');
    expect(await costAfter({ edit: command, stacks: ['aws/prod/cluster'] })).toBeNull();
  });

  it('counts a fleet at its maximum and at its minimum, Spot at its share', async () => {
    const edit = (files: Record<string, string>) => replaceIn(files, PROD, 'maximum: 500', 'maximum: 400');
    const cost = await costAfter({ edit, stacks: ['aws/prod/cluster', 'aws/prod/network'] });
    // 50 on demand; of the rest, 30 % on demand and 70 % Spot at 40 % of the price.
    const instances = (count: number) => (50 + (count - 50) * (0.3 + 0.7 * 0.4)) * 0.1683 * 730 * 0.86;
    const volumes = (count: number) => count * 30 * 0.093 * 0.86;
    expect(cost?.monthly.before).toBeCloseTo(instances(500) + volumes(500), 1);
    expect(cost?.monthly.after).toBeCloseTo(instances(400) + volumes(400), 1);
    expect(cost?.least?.after).toBeCloseTo(instances(50) + volumes(50), 1);
    expect(cost).toMatchObject({
      monthly: { currency: 'EUR' },
      asOf: '2026-11-02',
      basis: 'with prod at its maximum of 400 instances',
      unpriced: [],
      stacks: [{ stack: 'aws/prod/cluster' }],
    });
  });

  it('adds and takes leases, frozen ones without their servers', async () => {
    const added = await costAfter({ stacks: ['openstack/paris/dev/anna'], fromNothing: true });
    expect(added?.monthly.before).toBe(0);
    expect(added?.monthly.after).toBeGreaterThan(10);
    const freeze = (files: Record<string, string>) => {
      replaceIn(files, 'config/dev/anna.yaml', 'blueprint: di\n', 'blueprint: di\nstate: frozen\n');
    };
    const frozen = await costAfter({ edit: freeze, stacks: ['openstack/paris/dev/anna'] });
    expect(frozen?.monthly.before).toBe(added?.monthly.after);
    expect(frozen?.monthly.after).toBeLessThan(added?.monthly.after ?? 0);
    expect(frozen?.monthly.after).toBeGreaterThan(0);
  });

  it('leaves out what has no price on one side, and names it', async () => {
    const edit = (files: Record<string, string>) => {
      replaceIn(
        files,
        'config/environments/base.yaml',
        'types: [c7g.xlarge, c6g.xlarge',
        'types: [c7g.2xlarge, c6g.2xlarge',
      );
    };
    const cost = await costAfter({ edit, stacks: ['aws/prod/cluster'] });
    // Root volumes are left.
    expect(cost?.monthly.before).toBeCloseTo(500 * 30 * 0.093 * 0.86, 1);
    expect(cost?.monthly.after).toBe(cost?.monthly.before);
    expect(cost?.unpriced).toEqual([
      'aws/prod/cluster: instances (50 to 500 of type c7g.2xlarge, 50 on demand, then 70 % Spot)',
    ]);
  });

  it('says that what was before is not known', async () => {
    const { plan, project } = await planEdit({ stacks: ['openstack/paris/dev/anna'], fromNothing: true });
    const cost = costOf(plan, { project, before: () => 'unknown' });
    expect(cost?.unpriced).toEqual(['openstack/paris/dev/anna: what it cost before is not known']);
  });

  it('counts hosts by what the organisation pays for them', async () => {
    const edit = (files: Record<string, string>) =>
      replaceIn(
        files,
        'config/clouds/paris.yaml',
        'compute-a: { rack: a, roles: [compute], hardware: compute, count: 6',
        'compute-a: { rack: a, roles: [compute], hardware: compute, count: 7',
      );
    const cost = await costAfter({ edit, stacks: ['kolla/paris'] });
    expect((cost?.monthly.after ?? 0) - (cost?.monthly.before ?? 0)).toBe(1150);
  });
});
