import { describe, expect, it } from 'vitest';
import type { Impact } from '../../../../lib/plan/model.ts';
import { impactOf } from '../../../../lib/review/impact/impact.ts';
import { type ConfigText, type Edit, planEdit, replaceIn } from '../edited.ts';

const BASE = 'config/environments/base.yaml';
const PROD = 'config/environments/prod.yaml';
const BLUEPRINT = 'config/blueprints/bare.yaml';
const ANNA = 'openstack/paris/dev/anna';
const CLUSTER = 'aws/prod/cluster';

async function impact(
  stack: Edit['stacks'][number],
  edit: (files: ConfigText) => void,
  artefact?: Edit['artefact'],
): Promise<Impact[]> {
  const { plan, project, base } = await planEdit({
    edit,
    stacks: [stack],
    ...(artefact === undefined ? {} : { artefact }),
  });
  return impactOf(plan, { project, before: () => base });
}

describe('the fleet of an environment', () => {
  it('keeps its old template where CloudFormation replaces nothing, and says how long replacing would take', async () => {
    const found = await impact(CLUSTER, (files) => replaceIn(files, BASE, 'rootVolumeGiB: 30', 'rootVolumeGiB: 50'));
    expect(found).toEqual([
      {
        ...{ fleet: 'prod', replaced: 0, old: 500, batchPercent: null, minutes: null },
        text: 'no instance is replaced; 50 to 500 that run keep the old launch template until they are replaced, which takes 5 batches of 20 % and at most 60 min (5 x (600 s start + 120 s warm-up))',
      },
    ]);
  });

  it('keeps what its workers read when they started', async () => {
    const found = await impact(CLUSTER, (files) => replaceIn(files, BASE, 'jobs/word-statistics', 'jobs/other'));
    expect(found).toMatchObject([
      { replaced: 0, old: 500, text: expect.stringContaining('old configuration of their worker') as string },
    ]);
  });

  it('ends what is above a lower maximum', async () => {
    const found = await impact(CLUSTER, (files) => replaceIn(files, PROD, 'maximum: 500', 'maximum: 400'));
    expect(found).toMatchObject([
      {
        replaced: 100,
        old: 0,
        minutes: 5,
        text: expect.stringContaining('up to 100 instances above the new maximum of 400') as string,
      },
    ]);
  });

  const group =
    (change: (resource: Record<string, unknown>) => void): Edit['artefact'] =>
    (template) => {
      const { Resources } = template as unknown as { Resources: Record<string, Record<string, unknown>> };
      const found = Object.values(Resources).find(({ Type }) => Type === 'AWS::AutoScaling::AutoScalingGroup');
      if (found !== undefined) change(found);
    };

  it('is rolled where its update policy says so', async () => {
    const rolling = group((own) => {
      own['UpdatePolicy'] = { AutoScalingRollingUpdate: { MaxBatchSize: 50, MinInstancesInService: 40 } };
    });
    const found = await impact(
      CLUSTER,
      (files) => replaceIn(files, BASE, 'rootVolumeGiB: 30', 'rootVolumeGiB: 50'),
      rolling,
    );
    expect(found).toMatchObject([{ replaced: 500, old: 0, batchPercent: 10, minutes: 120 }]);
  });

  it('is refreshed where its update policy says so', async () => {
    const refreshing = group((own) => {
      own['UpdatePolicy'] = { AutoScalingInstanceRefresh: { Strategy: 'Rolling' } };
    });
    const found = await impact(
      CLUSTER,
      (files) => replaceIn(files, BASE, 'rootVolumeGiB: 30', 'rootVolumeGiB: 50'),
      refreshing,
    );
    expect(found).toMatchObject([
      {
        ...{ replaced: 500, old: 0, batchPercent: 10, minutes: 120 },
        text: expect.stringContaining('are replaced by an instance refresh, 50 at once') as string,
      },
    ]);
  });

  it('ends as a whole where its group is replaced', async () => {
    const renamed = group((own) => {
      (own['Properties'] as Record<string, unknown>)['AutoScalingGroupName'] = 'other';
    });
    const found = await impact(CLUSTER, () => undefined, renamed);
    expect(found).toMatchObject([
      {
        replaced: 500,
        batchPercent: 100,
        text: expect.stringContaining('the group is replaced: all of its 50 to 500 instances end at once') as string,
      },
    ]);
  });

  it('is not told of where nothing reaches it', async () => {
    expect(await impact(CLUSTER, (files) => replaceIn(files, BASE, 'expireDays: 90', 'expireDays: 91'))).toEqual([]);
  });
});

describe('servers of a lease', () => {
  const search = 'search:\n    image: debian-12\n    flavor: large';

  it('are told tier by tier, with the majority that goes', async () => {
    const found = await impact(ANNA, (files) => replaceIn(files, BLUEPRINT, search, search.replace('large', 'medium')));
    expect(found).toEqual([
      {
        ...{ fleet: ANNA, replaced: 0, old: 0, batchPercent: null, minutes: null },
        text: '3 servers at once; search: 3 of 3 rebooted, fewer than the 2 that a quorum needs stay up',
      },
    ]);
  });

  it('are told apart by what is lost, and keep their majority where one of three goes', async () => {
    const fewer = (files: ConfigText): void => {
      replaceIn(files, BLUEPRINT, 'flavor: large\n    count: 3', 'flavor: large\n    count: 2');
    };
    const found = await impact(ANNA, fewer);
    expect(found).toMatchObject([
      { replaced: 1, text: '1 server at once; search: 1 of 3 destroyed, a majority of 2 stays up' },
    ]);
  });

  it('are not told of where they are new', async () => {
    const { plan, project } = await planEdit({ stacks: [ANNA], fromNothing: true });
    expect(impactOf(plan, { project, before: () => 'absent' })).toEqual([]);
  });
});

describe('hosts of a cloud', () => {
  it('say which service restarts, and what becomes of its majority', async () => {
    const found = await impact('kolla/paris', (files) =>
      replaceIn(
        files,
        'config/clouds/paris.yaml',
        'kolla:\n',
        'kolla:\n  globals: { mariadb_max_connections: "5000" }\n',
      ),
    );
    const [own] = found;
    expect(own?.text).toMatch(/^restarts .*mariadb/);
    expect(own?.text).toContain('mariadb: 3 of 3 members restart, one after another');
  });
});

describe('servers of a link', () => {
  const stack = 'openstack/paris/link-discovery';

  it('are told of where a deploy takes them all, with the majority that goes', async () => {
    const found = await impact(stack, (files) =>
      replaceIn(files, 'config/links/main.yaml', 'discovery: {}', 'discovery: { flavor: medium }'),
    );
    expect(found).toMatchObject([
      {
        fleet: stack,
        text: '3 servers at once; consul: 3 of 3 rebooted, fewer than the 2 that a quorum needs stay up',
      },
    ]);
  });
});
