import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { isKnown } from '@cdktf/provider-openstack/schema';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { describeChanges, isHarmless } from '../../../../lib/dev/review.ts';
import { diffCloudFormation } from '../../../../lib/engines/cloudformation/difference.ts';
import { diffTerraform } from '../../../../lib/engines/terraform/difference.ts';
import { readPlan, toDriftPlan, toStackPlan } from '../../../../lib/engines/terraform/plan-json.ts';
import { beyondApproval } from '../../../../lib/plan/approval.ts';
import { INTERRUPTIONS, refusalsOf } from '../../../../lib/plan/difference/interruptions.ts';
import { DATA, USE } from '../../../../lib/plan/difference/lost.ts';
import { withCaution } from '../../../../lib/plan/difference/stateful.ts';
import type { BareChange, StackPlan } from '../../../../lib/plan/model.ts';
import { toPlan } from '../../../../lib/plan/plan.ts';
import { renderHtml } from '../../../../lib/plan/render/html/page.ts';
import { renderMarkdown } from '../../../../lib/plan/render/markdown.ts';
import { renderText } from '../../../../lib/plan/render/text.ts';
import { planSchema } from '../../../../lib/plan/schema.ts';
import type { StackId } from '../../../../lib/stack/id.ts';

const SERVER = 'openstack_compute_instance_v2';
const VOLUME = 'openstack_blockstorage_volume_v3';
const ID = 'openstack/lab/dev/alice' as StackId;

function root(type: string, body: Record<string, unknown>): string {
  return JSON.stringify({ resource: { [type]: { it: body } } });
}

function change(type: string, before: Record<string, unknown>, after: Record<string, unknown>): BareChange[] {
  return diffTerraform(root(type, before), root(type, after));
}

function planOf(changes: readonly BareChange[]): StackPlan {
  return {
    ...{ id: ID, engine: 'terraform', status: 'changed', unresolvedInputs: [], drift: [] },
    changes: changes.map((each) => ({ ...each, source: null })),
  };
}

describe('an update that stops or wipes', () => {
  it.each([
    [
      'a rebuild',
      SERVER,
      { image_name: 'debian-12' },
      { image_name: 'debian-13' },
      'everything on its root disk is lost',
    ],
    ['a resize', SERVER, { flavor_name: 'small' }, { flavor_name: 'large' }, 'it stops meanwhile'],
    [
      'a router without its gateway',
      'openstack_networking_router_v2',
      { external_network_id: 'a' },
      { external_network_id: 'b' },
      'floating addresses',
    ],
    [
      'a port with another address',
      'openstack_networking_port_v2',
      { fixed_ip: [{ ip_address: '10.0.0.4' }] },
      { fixed_ip: [{ ip_address: '10.0.0.5' }] },
      'another address',
    ],
    [
      'a load balancer that is switched off',
      'openstack_lb_loadbalancer_v2',
      { admin_state_up: true },
      { admin_state_up: false },
      'stops answering',
    ],
  ])('%s is an interruption with a caution', (_name, type, before, after, lost) => {
    const [found] = change(type, before, after);
    expect(found?.action).toBe('interrupt');
    expect(found?.reasons.join()).toMatch(new RegExp(`CAUTION: .*${lost}`));
  });

  it.each([
    ['a power state', SERVER, { power_state: 'active' }, { power_state: 'shutoff' }],
    ['metadata', SERVER, { metadata: { a: '1' } }, { metadata: { a: '2' } }],
    ['a volume that grows', VOLUME, { size: 10 }, { size: 20 }],
    ['a port that is switched on', 'openstack_networking_port_v2', { admin_state_up: false }, { admin_state_up: true }],
    ['a first gateway', 'openstack_networking_router_v2', {}, { external_network_id: 'a' }],
  ])('%s stays an update', (_name, type, before, after) => {
    expect(change(type, before, after).map(({ action }) => action)).toEqual(['update']);
  });

  it('is told by the live plan as well, and drift of it is an update', () => {
    const each = {
      ...{ address: `${SERVER}.it`, mode: 'managed', type: SERVER },
      change: {
        actions: ['update'],
        before: { image_name: 'a' },
        after: { image_name: 'b' },
        after_unknown: {},
        before_sensitive: {},
        after_sensitive: {},
      },
    };
    const plan = readPlan(JSON.stringify({ format_version: '1.2', resource_changes: [each] }));
    const [told] = toStackPlan(ID, plan).changes;
    expect(told?.action).toBe('interrupt');
    expect(told?.reasons.join()).toContain('root disk');
    expect(toDriftPlan(ID, plan).drift).toMatchObject([{ action: 'update', reasons: [] }]);
  });

  it('is known of CloudFormation', async () => {
    const at = (size: string) =>
      JSON.stringify({
        Resources: { Box: { Type: 'AWS::RDS::DBInstance', Properties: { DBInstanceClass: size } } },
      });
    const [found] = await diffCloudFormation(at('db.m6i.large'), at('db.m6i.xlarge'));
    expect(found).toMatchObject({ action: 'interrupt' });
    expect(found?.reasons).toContain('CAUTION: it is not reached while it is modified');
  });

  it('is counted, and shown by every renderer', () => {
    const plan = toPlan({ kind: 'empty', ref: '' }, [planOf(change(SERVER, { image_name: 'a' }, { image_name: 'b' }))]);
    expect(planSchema.parse(plan).summary).toMatchObject({ interrupt: 1, update: 0, other: 0 });
    const text = renderText(plan, { colors: pc.createColors(false), verbose: false });
    expect(text).toMatch(/!~ {2}openstack_compute_instance_v2\.it\n {6}CAUTION: it is rebuilt/);
    expect(text).toContain('1 to interrupt');
    expect(text).toMatch(/image_name: +a -> b/);
    const review = { commit: '', isDirty: false, at: new Date(0), link: () => '' };
    const markdown = renderMarkdown(plan, review);
    expect(markdown).toContain('1 to interrupt');
    expect(markdown.slice(0, markdown.indexOf('| stack'))).toContain('**CAUTION** it is rebuilt');
    const html = renderHtml(plan, { ...review, pictures: new Map() });
    expect(html).toContain('<dt>to interrupt</dt><dd>1</dd>');
    expect(html).toMatch(/<details class="stack"[^>]* open>/);
  });

  it('is not covered by an approved update, and asks whoever leased it', () => {
    const [interrupted] = change(SERVER, { flavor_name: 'a' }, { flavor_name: 'b' });
    const updated = { ...interrupted!, action: 'update' as const };
    expect(beyondApproval(planOf([updated]), planOf([interrupted!]))).toEqual([`interrupt ${SERVER}.it`]);
    expect(beyondApproval(planOf([interrupted!]), planOf([updated]))).toEqual([]);
    const plan = toPlan({ kind: 'live', ref: '' }, [planOf([interrupted!])]);
    expect(isHarmless(plan)).toBe(false);
    expect(describeChanges(plan)).toContain(`interrupt ${SERVER}.it (CAUTION: it is resized`);
  });
});

describe('the table of interruptions', () => {
  const attributesIn = (version: string): Record<string, string[]> => {
    const file = new URL(
      `../../../../packages/provider-openstack/schema/openstack-${version}.json.gz`,
      import.meta.url,
    );
    const { resources } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
      resources: Record<string, { attributes?: object; block_types?: object; blocks?: object }>;
    };
    return Object.fromEntries(
      Object.entries(resources).map(([type, { attributes, block_types: types, blocks }]) => [
        type,
        [...Object.keys(attributes ?? {}), ...Object.keys(types ?? {}), ...Object.keys(blocks ?? {})],
      ]),
    );
  };

  it('names only what the provider has', () => {
    const [old, now] = [attributesIn('1.54.1'), attributesIn('3.4.0')];
    const unknown = Object.entries(INTERRUPTIONS)
      .filter(([type]) => type.startsWith('openstack_'))
      .flatMap(([type, rules]) =>
        rules
          .flatMap(({ attributes }) => attributes)
          .filter((name) => ![...(old[type] ?? []), ...(now[type] ?? [])].includes(name))
          .map((name) => `${type}.${name}`),
      );
    expect(unknown).toEqual([]);
  });

  it('names only what CloudFormation changes in place', async () => {
    const wrong: string[] = [];
    for (const [type, rules] of Object.entries(INTERRUPTIONS).filter(([name]) => name.startsWith('AWS::'))) {
      for (const [name, isAlways] of rules.flatMap((rule) =>
        rule.attributes.map((each) => [each, rule.when === undefined] as const),
      )) {
        const at = (value: string) =>
          JSON.stringify({ Resources: { It: { Type: type, Properties: { [name]: value } } } });
        const [found] = await diffCloudFormation(at('a'), at('b'));
        // Of some, CloudFormation says only at the deployment whether they are replaced.
        const isOpen = found?.reasons.includes('CloudFormation decides at deployment whether it is replaced') === true;
        if (found?.action !== (isAlways ? 'interrupt' : 'update') && !isOpen)
          wrong.push(`${type}.${name}: ${found?.action ?? 'nothing'}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('the tables of what is lost', () => {
  it('name only what the provider and CloudFormation have', () => {
    const types = Object.keys({ ...DATA, ...USE });
    const openstack = types.filter((type) => type.startsWith('openstack_'));
    expect(openstack.filter((type) => !isKnown(type))).toEqual([]);
    const specification = gunzipSync(readFileSync('node_modules/@aws-cdk/aws-service-spec/db.json.gz')).toString();
    expect(types.filter((type) => type.startsWith('AWS::') && !specification.includes(`"${type}"`))).toEqual([]);
  });

  it.each([
    ['openstack_networking_floatingip_v2', 'its address'],
    ['openstack_db_database_v1', 'the data in the database'],
    ['AWS::AutoScaling::AutoScalingGroup', 'all instances of the group'],
    ['AWS::KMS::Key', 'everything that is encrypted with the key'],
  ])('say what goes with %s', (type, lost) => {
    const gone: BareChange = {
      ...{ address: 'a', type, action: 'delete', reasons: [], attributes: [], noise: false },
      ...{ restarts: [], findings: [] },
    };
    expect(withCaution(gone).reasons[0]).toMatch(`CAUTION: it takes ${lost}`);
  });

  it.each([
    [
      'AWS::S3::Bucket',
      'LifecycleConfiguration',
      { Rules: [{ ExpirationInDays: 90 }] },
      { Rules: [{ ExpirationInDays: 14 }] },
    ],
    ['AWS::Logs::LogGroup', 'RetentionInDays', 90, 30],
    ['AWS::SQS::Queue', 'MessageRetentionPeriod', 100, 60],
    ['AWS::AutoScaling::AutoScalingGroup', 'MaxSize', '500', '490'],
    ['AWS::KMS::Key', 'Enabled', true, false],
  ])('a smaller %s %s loses what a larger one keeps', async (type, name, large, small) => {
    const at = (value: unknown) => JSON.stringify({ Resources: { It: { Type: type, Properties: { [name]: value } } } });
    expect(await diffCloudFormation(at(large), at(small))).toMatchObject([{ action: 'interrupt' }]);
    expect(await diffCloudFormation(at(small), at(large))).toMatchObject([{ action: 'update' }]);
  });
});

describe('a volume that shrinks', () => {
  it('is refused, with the way out', () => {
    expect(refusalsOf(change(VOLUME, { size: 200 }, { size: 150 }))).toMatch(
      /^openstack_blockstorage_volume_v3\.it: 200 GiB cannot become 150 GiB: Cinder only extends/,
    );
    expect(refusalsOf(change(VOLUME, { size: 150 }, { size: 200 }))).toBeUndefined();
  });

  it('may be smaller where it is made anew', () => {
    const anew = change(VOLUME, { size: 200, availability_zone: 'a' }, { size: 150, availability_zone: 'b' });
    expect(anew.map(({ action }) => action)).toEqual(['replace']);
    expect(refusalsOf(anew)).toBeUndefined();
  });
});
