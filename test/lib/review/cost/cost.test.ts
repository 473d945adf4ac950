import { describe, expect, it } from 'vitest';
import type { PlanCost } from '../../../../lib/plan/model.ts';
import { costOf } from '../../../../lib/review/cost/cost.ts';
import { type Edit, planEdit, replaceIn } from '../edited.ts';

const PROD = 'config/environments/prod.yaml';

async function costAfter(edit: Edit): Promise<PlanCost | null> {
  const { plan, project, base } = await planEdit(edit);
  return costOf(plan, { project, before: () => (edit.fromNothing === true ? 'absent' : base) });
}

/** US dollars a month: 46 s a minute of 128 MiB, and two metrics a minute. */
const SCALER = 43_800 * (46 * 0.125 * 0.0000133334 + 0.002 * 0.01);

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
    // Two keys, fifteen alarms, a dashboard, the scaler; a heartbeat in 15 s and a request to the queue in 20 s from each instance.
    const others = (count: number) => (6.5 + SCALER + (count * 730 * 3600 * (0.742 / 15 + 0.4 / 20)) / 1e6) * 0.86;
    const all = (count: number) => instances(count) + volumes(count) + others(count);
    expect(cost?.monthly.before).toBeCloseTo(all(500), 1);
    expect(cost?.monthly.after).toBeCloseTo(all(400), 1);
    expect(cost?.least?.after).toBeCloseTo(all(50), 1);
    const parts = cost?.stacks?.[0]?.parts ?? [];
    expect(parts.map(({ what }) => what)).toContain('Spot instances');
    expect(parts.reduce((sum, { after }) => sum + after, 0)).toBeCloseTo(cost?.monthly.after ?? 0, 0);
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
      replaceIn(files, 'config/dev/anna.yaml', 'blueprint: bare\n', 'blueprint: bare\nstate: frozen\n');
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
    // All but the instances.
    const others = 6.5 + SCALER + (500 * 730 * 3600 * (0.742 / 15 + 0.4 / 20)) / 1e6;
    expect(cost?.monthly.before).toBeCloseTo((500 * 30 * 0.093 + others) * 0.86, 1);
    expect(cost?.monthly.after).toBe(cost?.monthly.before);
    expect(cost?.unpriced).toEqual([
      'aws/prod/cluster: Spot instances (0 to 315 of type c7g.2xlarge)',
      'aws/prod/cluster: instances on demand (50 to 185 of type c7g.2xlarge)',
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
