import type { Change, Plan } from '../../../../../lib/plan/model.ts';
import { toPlan } from '../../../../../lib/plan/plan.ts';
import type { PageContext } from '../../../../../lib/plan/render/html/page.ts';
import { change as anyChange, attribute, stack } from '../plans.ts';

export const context: PageContext = {
  at: new Date('2026-11-28T10:00:00Z'),
  commit: 'c0ffee'.repeat(6),
  isDirty: false,
  link: ({ file, line }) => `https://git.example.org/acme/${file}#L${line}`,
  pictures: new Map(),
};

export { attribute, stack };

/** A change of a server, whatever its address is. */
export function change(address: string, more: Partial<Change> = {}): Change {
  return anyChange(address, { type: 'openstack_compute_instance_v2', ...more });
}

/** A plan in which everything that a page can say is said. */
export function richPlan(): Plan {
  const script = (port: number): string =>
    ['#!/bin/sh', 'set -eu', `exec serve --port ${port}`, 'echo done'].join('\n');
  const policy = (effect: string): object => ({
    Statement: [{ Sid: 'Read', Effect: effect, Action: 's3:GetObject', Resource: '*' }],
  });
  const server = change('openstack_compute_instance_v2.web-1', {
    action: 'replace',
    reasons: [
      'CAUTION: it takes everything on the root disk of the server with it',
      'user_data cannot be changed in place',
    ],
    attributes: [
      attribute('user_data', script(80), script(8080), { forcesReplacement: true }),
      attribute('image_id', 'aaa', null, { afterUnknown: true }),
      attribute('admin_pass', '(sensitive)', '(sensitive)', { sensitive: true }),
    ],
  });
  const plan = toPlan({ kind: 'commit', ref: 'f788e62'.repeat(5), branch: { name: 'main', behind: 3 } }, [
    stack('openstack/paris/dev/anna', [
      server,
      change('openstack_networking_port_v2.p', { type: 'openstack_networking_port_v2' }),
    ]),
    stack(
      'openstack/paris/dev/bruno',
      [
        change('openstack_blockstorage_volume_v3.data', {
          type: 'openstack_blockstorage_volume_v3',
          action: 'delete',
          reasons: ['CAUTION: it takes the data on the volume with it'],
        }),
        change('server.old', { action: 'delete' }),
      ],
      { whole: 'gone' },
    ),
    stack(
      'aws/staging/cluster',
      [
        change('Policy', {
          type: 'AWS::IAM::Policy',
          attributes: [attribute('PolicyDocument', policy('Deny'), policy('Allow'))],
          findings: ['checkov/CKV_AWS_1'],
        }),
        change('Hash', { noise: true }),
      ],
      {
        engine: 'cloudformation',
        after: [{ stack: 'aws/staging/network', reason: '23 replaced there' }],
        target: { account: '111122223333', region: 'eu-central-1' },
      },
    ),
    stack(
      'aws/staging/network',
      [
        change('Vpc', {
          type: 'AWS::EC2::VPC',
          action: 'create',
          source: { file: 'config/environments/staging.yaml', line: 3 },
        }),
      ],
      {
        engine: 'cloudformation',
        leaves: { target: { account: '999988887777' }, changes: [change('Old', { action: 'delete' })] },
      },
    ),
    stack('aws/prod/cluster', [], { status: 'unchanged', engine: 'cloudformation' }),
    stack('aws/prod/network', [change('Subnet', { type: 'AWS::EC2::Subnet' })], {
      engine: 'cloudformation',
      ahead: { commit: 'abcdef0123456789', by: 'Kim', at: '2026-11-27T10:00:00Z' },
    }),
    stack('kolla/paris', [], {
      status: 'waiting',
      engine: 'kolla',
      unresolvedInputs: [{ name: 'network public', from: 'openstack/paris/base' }],
    }),
    stack('openstack/paris/base', [], { status: 'error', reason: 'the volume can only grow' }),
  ]);
  return {
    ...plan,
    findings: [
      {
        rule: 'destroys-data',
        level: 'deny',
        stack: 'openstack/paris/dev/bruno',
        address: 'openstack_blockstorage_volume_v3.data',
        reason: 'a volume with data is destroyed',
        owner: null,
        source: { file: 'config/dev/bruno.yaml', line: 2 },
      },
      {
        rule: 'checkov/CKV_AWS_1',
        level: 'warn',
        stack: 'aws/staging/cluster',
        address: 'Policy',
        reason: 'allows everybody',
        owner: 'kim',
        override: { reason: 'only for a test', expires: '2026-12-31' },
      },
    ],
    impact: [
      {
        fleet: 'prod',
        replaced: 500,
        old: 0,
        batchPercent: 10,
        minutes: 21,
        text: '500 instances are replaced, 10 percent at once',
      },
    ],
    availability: ['paris: if rack b fails now: prometheus is down'],
    cost: { monthly: { before: 100, after: 150.5, currency: 'EUR' }, asOf: '2026-11-01', unpriced: ['Lambda'] },
    approvals: [{ rule: 'production-delete', reason: 'one delete in production', count: 2, of: ['leads'] }],
  };
}

/** A plan with one text wherever somebody outside of Tandem may have written it. */
export function hostilePlan(text: string): Plan {
  const hostile = change(text, {
    type: text,
    action: 'replace',
    reasons: [text, `CAUTION: ${text}`],
    attributes: [
      attribute(text, text, `${text} `),
      attribute('map', { [text]: text }, { [text]: `${text}.` }),
      attribute('lines', `a\n${text}`, `b\n${text}`),
      attribute('new', null, text),
    ],
    source: { file: text, line: 1 },
    restarts: [`${text}@${text}`],
    findings: [text],
  });
  const target = { account: text, [text]: text };
  const plan = toPlan({ kind: 'commit', ref: text }, [
    stack(
      'openstack/paris/dev/anna',
      [
        hostile,
        { ...hostile, noise: true },
        { ...hostile, action: 'create', reasons: [] },
        { ...hostile, action: 'delete', reasons: [] },
      ],
      {
        ...{ target, leaves: { target, changes: [hostile] }, ahead: { commit: text, by: text, at: text } },
        ...{
          after: [{ stack: 'aws/prod/network', reason: text }],
          reason: text,
          belongsTo: { lineage: text, by: text, at: text, place: text },
        },
        ...{
          unresolvedInputs: [{ name: text, from: 'aws/prod/network' }],
          drift: [{ ...hostile, reasons: [`not managed by Tandem: ${text}`] }],
        },
      },
    ),
    stack('aws/prod/network', [], { status: 'error', reason: text }),
    stack('aws/prod/cluster', [], { status: 'unknown-here', reason: text }),
  ]);
  return {
    ...plan,
    findings: [
      {
        rule: text,
        level: 'deny',
        stack: 'openstack/paris/dev/anna',
        address: text,
        reason: text,
        owner: text,
        override: { reason: text, expires: text },
        source: { file: text, line: 1 },
      },
      { rule: text, level: 'warn', address: '', reason: text, owner: null },
    ],
    impact: [{ fleet: text, replaced: 1, old: 0, batchPercent: null, minutes: null, text }],
    availability: [text],
    cost: { monthly: { before: 1, after: 2, currency: text }, asOf: text, unpriced: [text] },
    approvals: [{ rule: text, reason: text, count: 1, of: [text] }],
  };
}

/** So many changes in 50 stacks, of every action, none like another. */
export function largePlan(changes: number): Plan {
  const actions = ['create', 'update', 'replace', 'delete', 'interrupt'] as const;
  const each = Math.ceil(changes / 50);
  const stacks = Array.from({ length: 50 }, (_, at) =>
    stack(
      `openstack/paris/dev/lease-${at}`,
      Array.from({ length: each }, (_, index) => {
        const action = actions[index % actions.length] ?? 'update';
        const values = Array.from({ length: 8 }, (_, field) =>
          attribute(
            `field_${field}.0.name`,
            action === 'create' ? null : `before-${at}-${index}-${field}`,
            action === 'delete' ? null : `after-${at}-${index}-${field}`,
          ),
        );
        return change(`openstack_compute_instance_v2.server-${at}-${index}`, { action, attributes: values });
      }),
    ),
  );
  return toPlan({ kind: 'record', ref: '' }, stacks);
}
