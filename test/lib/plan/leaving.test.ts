import { describe, expect, it } from 'vitest';
import { recordedTarget } from '../../../lib/engines/recorded-target.ts';
import { isResource } from '../../../lib/plan/is-resource.ts';
import type { StackPlan } from '../../../lib/plan/model.ts';
import type { SynthesizedStack } from '../../../lib/stack/synthesized.ts';
import { edited, planEdit, shippedFiles, stackOf } from './edited-project.ts';

const STAGING = 'config/environments/staging.yaml';
const PARIS = 'config/clouds/paris.yaml';
const files = shippedFiles();

function counts({ changes, leaves }: StackPlan) {
  return {
    created: changes.filter(({ action }) => action === 'create').filter(isResource).length,
    others: changes.filter(({ action }) => action !== 'create').length,
    stay: leaves?.changes.length,
  };
}

describe('a stack that goes to another place', () => {
  it.each([
    ['account', (text: string) => text.replace('222233334444', '333344445555'), '333344445555'],
    ['Region', (text: string) => text.replace('aws:\n', 'aws:\n  region: eu-west-1\n'), 'eu-west-1'],
  ])('is made anew in another %s, and all of it stays behind', async (_, edit, arrives) => {
    const plan = await planEdit({ before: files, after: edited(files, { [STAGING]: edit }), only: 'aws/staging/*' });
    const cluster = stackOf(plan, 'aws/staging/cluster');
    expect(plan.stacks.map(({ id }) => id)).toEqual(['aws/staging/cluster', 'aws/staging/link', 'aws/staging/network']);
    for (const stack of plan.stacks) {
      const { created, others, stay } = counts(stack);
      expect({ others, stay }).toEqual({ others: 0, stay: created });
      expect(created).toBeGreaterThan(10);
      expect(stack.leaves?.target).toMatchObject({ account: '222233334444', region: 'eu-west-3' });
      expect(Object.values(stack.target ?? {})).toContain(arrives);
      expect(stack.leaves?.changes.every(({ action }) => action === 'forget')).toBe(true);
      expect(stack.reason).toMatch(
        /^CAUTION: it leaves account 222233334444, region eu-west-3 and arrives in .*: \d+ resources are made there/,
      );
    }
    expect(cluster.status).toBe('waiting');
    expect(cluster.leaves?.changes[0]?.reasons[0]).toMatch(/^CAUTION: with it stays /);
    const { create, update, replace, delete: deleted } = plan.summary;
    expect({ create, update, replace, deleted }).toEqual({
      ...{
        create: plan.stacks.reduce((sum, each) => sum + counts(each).created, 0),
        update: 0,
        replace: 0,
        deleted: 0,
      },
    });
  });

  it.each([
    ['endpoint', 'https://paris.acme', 'https://lyon.acme', ['openstack/paris/base', 'openstack/paris/dev/anna']],
    ['domain', 'cloudsYaml: paris', 'cloudsYaml: paris\n  domain: other', ['openstack/paris/dev/anna']],
    ['project', 'cloudsYaml: paris', 'cloudsYaml: paris\n  project: other', ['openstack/paris/base']],
    [
      'Region',
      'cloudsYaml: paris',
      'cloudsYaml: paris\n  region: two',
      ['openstack/paris/base', 'openstack/paris/dev/anna'],
    ],
  ])('leaves the %s that its cloud had', async (_, from, to, ids) => {
    const after = edited(files, { [PARIS]: (text) => text.replace(from, to) });
    const { stacks } = await planEdit({ before: files, after, only: 'openstack/paris/**' });
    const left = stacks.filter(({ leaves }) => leaves !== undefined);
    for (const id of ids) expect(left.map((stack) => stack.id)).toContain(id);
    expect(left.some(({ id }) => id === 'openstack/paris/base')).toBe(ids.includes('openstack/paris/base'));
    for (const stack of left) {
      expect(counts(stack).stay).toBe(counts(stack).created);
      expect(stack.status).not.toBe('unchanged');
    }
  });

  it('stays where only the way to it changes', async () => {
    const after = edited(files, {
      [STAGING]: (text) => text.replace('aws:\n', 'aws:\n  role: other-role\n'),
      [PARIS]: (text) => text.replace('paris.acme.example.org:5000/v3', 'paris.acme.example.org:5000/v3/'),
    });
    const plan = await planEdit({ before: files, after, only: 'staging' });
    expect(plan.stacks.filter(({ leaves }) => leaves !== undefined)).toEqual([]);
    const { stacks } = await planEdit({ before: files, after, only: 'openstack/paris/base' });
    expect(stacks.filter(({ leaves }) => leaves !== undefined)).toEqual([]);
  });

  it('tells of another target in the digest, even where the artefact is the same', async () => {
    const after = edited(files, { [PARIS]: (text) => text.replace('https://paris.acme', 'https://lyon.acme') });
    const digests = [files, after].map((each) =>
      planEdit({ before: { ...files }, after: each, only: 'openstack/paris/base' }),
    );
    const [stays, leaves] = await Promise.all(digests);
    expect(stays?.digest).not.toBe(leaves?.digest);
  });
});

describe('a record without a target', () => {
  const target = (engine: string, artefact: string) => recordedTarget({ engine, artefact, target: undefined });

  it('has the one that its artefact names', async () => {
    const recorded = ({ engine, text }: SynthesizedStack) => ({ target: target(engine, text) });
    const after = edited(files, { [STAGING]: (text) => text.replace('222233334444', '333344445555') });
    const plan = await planEdit({ before: files, after, only: 'staging', recorded });
    const { leaves } = stackOf(plan, 'aws/staging/network');
    expect(leaves?.target).toEqual({ account: '222233334444', region: 'eu-west-3' });
    expect(stackOf(plan, 'aws/staging/cluster').leaves?.target).toEqual({ account: '222233334444' });
  });

  it('tells nothing where its artefact does not, or names several', () => {
    expect(target('terraform', '{"provider":{"openstack":[{"region":"a"},{"region":"b"}]}}')).toEqual({});
    expect(target('terraform', '{"provider":{"openstack":[{"auth_url":"${var.url}","cloud":""}]}}')).toEqual({});
    expect(target('cloudformation', '["arn:aws:iam::111122223333:root","arn:aws:iam::222233334444:root"]')).toEqual({});
    expect(target('of-another-tandem', '{}')).toEqual({});
  });

  it('of a root that names its Keystone, has that', () => {
    const root = {
      provider: {
        openstack: [
          { cloud: 'a', region: 'one' },
          { auth_url: 'https://a/v3', region: 'one' },
        ],
      },
    };
    expect(target('terraform', JSON.stringify(root))).toEqual({ endpoint: 'https://a/v3', region: 'one' });
  });
});

describe('stacks under another name', () => {
  it('leave and arrive where an environment is renamed', async () => {
    const { [STAGING]: staging = '', ...others } = files;
    const after = { ...others, 'config/environments/stage.yaml': staging };
    const { stacks } = await planEdit({ before: files, after, only: 'aws/sta*/*' });
    const told = Object.fromEntries(stacks.map(({ id, reason }) => [id, reason]));
    expect(told['aws/stage/network']).toMatch(
      /^CAUTION: it arrives in the place of aws\/staging\/network, which leaves/,
    );
    expect(told['aws/staging/network']).toMatch(/^CAUTION: it leaves, and aws\/stage\/network arrives/);
    expect(told['aws/stage/cluster']).toContain('aws/staging/cluster');
  });

  it('leave and arrive where a cloud is renamed, its leases with it', async () => {
    const { [PARIS]: paris = '', ...others } = files;
    const moved = Object.fromEntries(
      Object.entries(others).map(([file, text]) => [file, text.replace(/\bcloud: paris\b/, 'cloud: lyon')]),
    );
    const after = { ...moved, 'config/clouds/lyon.yaml': paris };
    const { stacks } = await planEdit({ before: files, after, only: 'openstack/**' });
    const told = Object.fromEntries(stacks.map(({ id, reason }) => [id, reason]));
    expect(told['openstack/lyon/base']).toContain('in the place of openstack/paris/base');
    expect(told['openstack/lyon/dev/anna']).toContain('in the place of openstack/paris/dev/anna');
  });

  it('are not guessed where a lease ends and another begins', async () => {
    const { 'config/dev/bruno.yaml': bruno = '', ...others } = files;
    const { stacks } = await planEdit({
      before: files,
      after: { ...others, 'config/dev/clara.yaml': bruno },
      only: 'openstack/paris/dev/*',
    });
    expect(stacks.filter(({ reason }) => reason?.includes('CAUTION'))).toEqual([]);
  });
});
