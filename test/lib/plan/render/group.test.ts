import fc from 'fast-check';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { type Change, HIDDEN, type StackPlan } from '../../../../lib/plan/model.ts';
import { isChanged } from '../../../../lib/plan/outcome.ts';
import { toPlan } from '../../../../lib/plan/plan.ts';
import { groupStacks } from '../../../../lib/plan/render/group.ts';
import { renderMarkdown } from '../../../../lib/plan/render/markdown.ts';
import { renderText } from '../../../../lib/plan/render/text.ts';
import { attribute, change, stack } from './plans.ts';

const base = { kind: 'record', ref: '' } as const;
const text = (...stacks: StackPlan[]): string =>
  renderText(toPlan(base, stacks), { colors: pc.createColors(false), verbose: false });
const markdown = (...stacks: StackPlan[]): string =>
  renderMarkdown(toPlan(base, stacks), {
    commit: '',
    isDirty: false,
    at: new Date(0),
    link: ({ file, line }) => `${file}#${line}`,
  });

/** One tier of a lease grows: what differs between leases of one blueprint is their own names. */
function lease(name: string, owner: string, until: string, more: readonly Change[] = []): StackPlan {
  const changes = [
    change('openstack_compute_instance_v2.web-1', {
      attributes: [
        attribute('flavor_name', 'small', 'large'),
        attribute(
          'user_data',
          `#!/bin/sh\nhostname web-1.${name}.dev\n`,
          `#!/bin/sh\nhostname web-1.${name}.dev\nreboot\n`,
        ),
      ],
    }),
    change('openstack_identity_project_v3.project', {
      attributes: [
        attribute('tags.1', `until=2026-12-01`, `until=${until}`),
        attribute('tags.2', `owner=${owner}`, null),
      ],
      source: { file: `config/dev/${name}.yaml`, line: until.length },
    }),
    change('openstack_compute_instance_v2.web-9', {
      action: 'delete',
      attributes: [attribute('availability_zone', owner, null)],
      reasons: [`CAUTION: it takes ${name} with it`],
    }),
    ...more,
  ];
  return stack(`openstack/paris/dev/${name}`, changes, { target: { project: `dev-${name}` } });
}

describe('stacks that show the same', () => {
  it('are one block, whatever their names, owners and dates are', () => {
    const leases = Array.from({ length: 62 }, (_, at) =>
      lease(`kim-${at}`, `kim${at}@example.org`, `2027-01-${String(10 + (at % 20))}`),
    );
    const shown = text(...leases);
    expect(shown).toContain('62 leases: openstack/paris/dev/kim-0, kim-1, kim-10,');
    expect(shown).toContain('in project dev-*');
    expect(shown.split('\n').length).toBeLessThan(40);
    expect(markdown(...leases).split('\n').length).toBeLessThan(80);
    expect(shown).not.toContain('config/dev/');
    expect(text(...leases.slice(0, 1))).toContain('config/dev/kim-0.yaml:10');
  });

  it.each([
    [
      'an address that is opened',
      attribute('remote_ip_prefix', '10.0.0.0/8', '0.0.0.0/0'),
      attribute('remote_ip_prefix', '10.0.0.0/8', '10.0.0.0/16'),
    ],
    [
      'an image',
      attribute('image_id', 'a'.repeat(32), 'b'.repeat(32)),
      attribute('image_id', 'a'.repeat(32), 'c'.repeat(32)),
    ],
    [
      'a date that is no end of a lease',
      attribute('image_name', null, 'debian-2026-01-01'),
      attribute('image_name', null, 'debian-2026-02-01'),
    ],
    [
      'a late line',
      attribute('user_data', 'x\n'.repeat(900), `${'x\n'.repeat(900)}a\n`),
      attribute('user_data', 'x\n'.repeat(900), `${'x\n'.repeat(900)}b\n`),
    ],
    ['the type of a value', attribute('size', '5', 6), attribute('size', 5, 6)],
  ])('are apart for %s', (_name, left, right) => {
    const of = (name: string, each: typeof left): StackPlan =>
      stack(`openstack/paris/dev/${name}`, [change('a.b', { attributes: [each] })]);
    expect(
      groupStacks(toPlan(base, [of('kim', left), of('lee', left), of('max', right)])).map(({ ids }) => ids.length),
    ).toEqual([2, 1]);
  });

  it('are apart where a name is also what a tier is called', () => {
    const of = (name: string): StackPlan =>
      stack(`openstack/paris/dev/${name}`, [
        change(`openstack_compute_instance_v2.${name}-1`),
        change('t.group', { attributes: [attribute('members.0', `${name}-1`, null)] }),
      ]);
    expect(groupStacks(toPlan(base, [of('web'), of('api')]))).toHaveLength(2);
  });

  const mutation = fc.record({
    path: fc.constantFrom('flavor_name', 'tags.0', 'description', 'image_id', 'user_data', 'fixed_ip', 'id'),
    before: fc.constantFrom(null, 'x', 'kim@example.org', '10.0.0.5', '2026-01-01', 'd'.repeat(32), 5, '5'),
    after: fc.constantFrom(null, 'y', 'lee@example.org', '10.0.0.6', '2026-01-02', 'e'.repeat(32), 6, HIDDEN),
    afterUnknown: fc.boolean(),
  });
  const mutated = fc
    .record({
      action: fc.constantFrom('update', 'delete', 'create', 'replace'),
      noise: fc.boolean(),
      attributes: fc.array(mutation, { maxLength: 2 }),
      reasons: fc.subarray(['one', 'two']),
    })
    .map(({ attributes, ...rest }) =>
      change('t.more', {
        ...rest,
        attributes: attributes.map((each) =>
          attribute(each.path, each.before, each.after, { afterUnknown: each.afterUnknown }),
        ),
      }),
    );

  it('give the same text one by one, but for what is their own', () => {
    const own = (shown: string, name: string): string =>
      shown
        .replaceAll(name, '*')
        .replace(/\S+@example\.org|\d{4}-\d\d-\d\d|[0-9a-f]{32,}|\d+\.\d+\.\d+\.\d+/g, '<own>')
        .replace(/ +config\/dev\/.*|Digest: .*/g, '');
    fc.assert(
      fc.property(fc.array(fc.tuple(mutated, mutated, fc.boolean()), { maxLength: 2 }), (pairs) => {
        const left = pairs.map(([first]) => first);
        const right = pairs.map(([first, { attributes }, isSame]) => (isSame ? first : { ...first, attributes }));
        const [one, other] = [
          lease('kim-1', 'kim@example.org', '2027-01-01', left),
          lease('lee-2', 'lee@example.org', '2027-02-02', right),
        ];
        const groups = groupStacks(toPlan(base, [one, other]));
        fc.pre(groups.length === 1);
        expect(own(text(one), 'kim-1')).toBe(own(text(other), 'lee-2'));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a stack that comes or goes as a whole', () => {
  const resources = (action: 'create' | 'delete'): Change[] => [
    ...Array.from({ length: 5 }, (_, at) =>
      change(`openstack_blockstorage_volume_v3.v${at}`, {
        action,
        reasons: action === 'delete' ? ['CAUTION: it takes the data on the volume with it'] : [],
      }),
    ),
    ...Array.from({ length: 112 }, (_, at) => change(`openstack_networking_port_v2.p${at}`, { action })),
  ];

  it('is one line with what holds data', () => {
    const gone = stack('openstack/paris/dev/kim', resources('delete'), {
      whole: 'gone',
      reason: 'config/dev/kim.yaml was removed',
    });
    expect(text(gone)).toContain('  CAUTION: gone: all of it, 117 resources, 5 volumes with data\n');
    expect(text(gone).split('\n').length).toBeLessThan(9);
    expect(markdown(gone)).toContain(
      '> - **openstack/paris/dev/kim**: gone: all of it, 117 resources, 5 volumes with data',
    );
    expect(markdown(gone)).not.toContain('openstack_networking_port_v2');
    const fresh = stack('openstack/paris/dev/kim', resources('create'), { whole: 'new' });
    expect(text(fresh)).toContain('  new: 117 resources, of them 5 volumes\n');
  });

  it('still lists what is said of a resource by itself', () => {
    const adopted = change('openstack_networking_network_v2.n', {
      action: 'create',
      reasons: ['exists as 42 and is imported'],
    });
    expect(text(stack('openstack/paris/dev/kim', [...resources('create'), adopted], { whole: 'new' }))).toContain(
      'exists as 42',
    );
  });
});

describe('changes of hashes, metadata or order', () => {
  const noisy = stack(
    'aws/prod/cluster',
    Array.from({ length: 5 }, (_, at) => change(`r${at}`, { noise: true })),
  );

  it('are counted once and in the same way everywhere', () => {
    const plan = toPlan(base, [noisy]);
    expect(plan.summary).toEqual({ create: 0, update: 0, interrupt: 0, replace: 0, delete: 0, other: 0, noise: 5 });
    expect(isChanged(plan)).toBe(false);
    expect(text(noisy)).toContain('5 more with only hashes, metadata or order changed');
    expect(text(noisy)).toContain('0 to update, 0 to replace, 0 to delete. 5 of only hashes, metadata or order.');
    expect(markdown(noisy)).toContain('| noise only |');
    expect(markdown(noisy)).toContain('0 to update, 0 to create, 5 of only hashes, metadata or order\n');
  });
});
