import type { Action } from '../../../../../lib/plan/model.ts';

/** A resource of a plan as `terraform show -json` writes it; what is left out is as Terraform leaves it. */
export interface Told {
  readonly address?: string;
  readonly type?: string;
  readonly mode?: string;
  readonly previous_address?: string;
  readonly action_reason?: string;
  readonly change: Readonly<Record<string, unknown>> & { readonly actions: readonly string[] };
}

export const SERVER = 'openstack_compute_instance_v2';
export const VOLUME = 'openstack_blockstorage_volume_v3';

export const NAME = 'never-to-be-seen';
/** Control characters, a change of direction, tags, and what ends a fence. */
export const HOSTILE = '\u001b[2J\u202e\r\n```</details><script>alert(1)</script> @all \u0007';

export function planOf(resources: readonly Told[], more: Readonly<Record<string, unknown>> = {}): string {
  const whole = { before: null, after: null, after_unknown: {}, before_sensitive: false, after_sensitive: false };
  const all = resources.map((each) => ({
    ...{ address: `${SERVER}.web`, mode: 'managed', type: SERVER, name: 'web' },
    ...{ provider_name: 'registry.terraform.io/terraform-provider-openstack/openstack' },
    ...each,
    change: { ...whole, ...each.change },
  }));
  return JSON.stringify({ format_version: '1.2', terraform_version: '1.14.1', resource_changes: all, ...more });
}

/** What each resource of a plan must give; undefined for nothing. */
export interface Case {
  readonly name: string;
  readonly told: Told;
  readonly action: Action | undefined;
  readonly reasons?: readonly string[];
  /** Of the attributes: path, before, after, and what holds of it. */
  readonly attributes?: readonly (readonly [path: string, before: unknown, after: unknown, ...flags: string[]])[];
}

const web = { name: 'web', flavor_name: 'small' };
const LOST = 'CAUTION: it takes everything on the root disk of the server with it';

export const CASES: readonly Case[] = [
  { name: 'no-op', told: { change: { actions: ['no-op'], before: web, after: web } }, action: undefined },
  {
    name: 'read of a data source',
    told: { mode: 'data', address: 'data.x.y', type: 'x', change: { actions: ['read'], after: { id: '1' } } },
    action: undefined,
  },
  {
    name: 'create, with what is known later',
    told: { change: { actions: ['create'], after: web, after_unknown: { id: true } } },
    action: 'create',
    attributes: [
      ['flavor_name', null, 'small'],
      ['name', null, 'web'],
    ],
  },
  {
    name: 'update',
    told: { change: { actions: ['update'], before: web, after: { ...web, name: 'new' } } },
    action: 'update',
    attributes: [['name', 'web', 'new']],
  },
  {
    name: 'update of what is known later, in a list',
    told: {
      change: {
        actions: ['update'],
        before: { network: [{ port: 'a' }, { port: 'b' }] },
        after: { network: [{ port: 'a' }, {}] },
        after_unknown: { network: [{}, { port: true }] },
      },
    },
    action: 'update',
    attributes: [['network.1.port', 'b', null, 'unknown']],
  },
  { name: 'delete', told: { change: { actions: ['delete'], before: web } }, action: 'delete', reasons: [LOST] },
  ...(
    [
      ['replace, old one first', ['delete', 'create']],
      ['replace, new one first', ['create', 'delete']],
    ] as const
  ).map(
    ([name, actions]): Case => ({
      name,
      told: {
        action_reason: 'replace_because_cannot_update',
        change: { actions, before: web, after: { ...web, name: 'new' }, replace_paths: [['name']] },
      },
      action: 'replace',
      reasons: [LOST, 'name cannot be changed in place'],
      attributes: [['name', 'web', 'new', 'forces']],
    }),
  ),
  {
    name: 'replace, for what lies in a list',
    told: {
      change: {
        actions: ['delete', 'create'],
        before: { network: [{ port: 'a' }] },
        after: { network: [{ port: 'b' }] },
        replace_paths: [['network', 0, 'port']],
      },
    },
    action: 'replace',
    reasons: [LOST, 'network.0.port cannot be changed in place'],
    attributes: [['network.0.port', 'a', 'b', 'forces']],
  },
  {
    name: 'replace that leaves the old one',
    told: { change: { actions: ['create', 'forget'], before: web, after: web } },
    action: 'replace',
    reasons: ['the old one stays in the account, outside any stack'],
  },
  {
    name: 'forget',
    told: { change: { actions: ['forget'], before: web } },
    action: 'forget',
    reasons: ['it stays in the cloud, and is removed from the state'],
  },
  {
    name: 'import of what is as configured',
    told: { change: { actions: ['no-op'], before: web, after: web, importing: { id: '42' } } },
    action: 'import',
    reasons: ['exists as 42 and is imported'],
  },
  {
    name: 'import that changes what it takes over',
    told: {
      change: { actions: ['update'], before: web, after: { ...web, name: 'new' }, importing: { id: '42' } },
    },
    action: 'update',
    reasons: ['exists as 42 and is imported'],
    attributes: [['name', 'web', 'new']],
  },
  {
    name: 'import by an identity, of what has to be made anew',
    told: {
      change: { actions: ['delete', 'create'], before: web, after: web, importing: { identity: { uuid: '42' } } },
    },
    action: 'replace',
    reasons: [LOST, 'exists as something else and is imported'],
  },
  {
    name: 'move',
    told: { previous_address: `${SERVER}.old`, change: { actions: ['no-op'], before: web, after: web } },
    action: 'move',
    reasons: [`was ${SERVER}.old in the state`],
  },
  {
    name: 'move with a change',
    told: {
      previous_address: `${SERVER}.old`,
      change: { actions: ['update'], before: web, after: { ...web, name: 'new' } },
    },
    action: 'update',
    reasons: [`was ${SERVER}.old in the state`],
  },
  {
    name: 'an action that is not known',
    told: { change: { actions: ['evict'], before: web, after: web } },
    action: 'update',
    reasons: ['CAUTION: Terraform calls it "evict", which this Tandem does not know'],
  },
  {
    name: 'an action that is not known, with one that destroys',
    told: { change: { actions: ['evict', 'delete'], before: web } },
    action: 'delete',
  },
  {
    name: 'a sensitive attribute',
    told: {
      change: {
        actions: ['update'],
        before: { secret: NAME },
        after: { secret: `${NAME}2` },
        before_sensitive: { secret: true },
        after_sensitive: { secret: true },
      },
    },
    action: 'update',
    attributes: [['secret', '(sensitive)', '(sensitive)', 'sensitive']],
  },
  {
    name: 'a sensitive attribute that becomes none, in a list of maps',
    told: {
      change: {
        actions: ['update'],
        before: { rules: [{ key: NAME, port: 1 }] },
        after: { rules: [{ key: 'public', port: 2 }] },
        before_sensitive: { rules: [{ key: true }] },
        after_sensitive: { rules: [{}] },
      },
    },
    action: 'update',
    attributes: [['rules.0', { key: '(sensitive)', port: 1 }, { key: 'public', port: 2 }, 'sensitive']],
  },
  {
    name: 'a resource that is sensitive as a whole',
    told: {
      change: {
        actions: ['update'],
        before: { a: NAME },
        after: { a: `${NAME}2` },
        before_sensitive: true,
        after_sensitive: true,
      },
    },
    action: 'update',
  },
  {
    name: 'marks that cannot be read: nothing below them is shown',
    told: {
      change: { actions: ['update'], before: { a: [NAME] }, after: { a: ['x'] }, before_sensitive: { a: 'yes' } },
    },
    action: 'update',
  },
  {
    name: 'what a provider calls a secret, though Terraform does not',
    told: {
      change: { actions: ['update'], before: { admin_pass: NAME }, after: { admin_pass: `${NAME}2` } },
    },
    action: 'update',
    attributes: [['admin_pass', '(sensitive)', '(sensitive)', 'sensitive']],
  },
  {
    name: 'a sensitive value that is known later',
    told: {
      change: {
        actions: ['update'],
        before: { secret: NAME },
        after: {},
        after_unknown: { secret: true },
        before_sensitive: { secret: true },
        after_sensitive: { secret: true },
      },
    },
    action: 'update',
    attributes: [['secret', '(sensitive)', null, 'sensitive', 'unknown']],
  },
  {
    name: 'hostile names and values',
    told: {
      address: `x.y["${HOSTILE}"]`,
      type: 'x',
      previous_address: HOSTILE,
      change: { actions: ['update'], before: { [HOSTILE]: 'a' }, after: { [HOSTILE]: `${HOSTILE}b` } },
    },
    action: 'update',
  },
];

/** All that Terraform and OpenTofu document, with what is said of it. */
export const ACTION_REASONS: readonly (readonly [reason: string, actions: readonly string[], words: RegExp])[] = [
  ['replace_because_tainted', ['delete', 'create'], /tainted/],
  ['replace_because_cannot_update', ['delete', 'create'], /name cannot be changed in place/],
  ['replace_by_request', ['delete', 'create'], /requested/],
  ['replace_by_triggers', ['delete', 'create'], /replace_triggered_by/],
  ['delete_because_no_resource_config', ['delete'], /no longer configured/],
  ['delete_because_no_module', ['delete'], /no longer configured/],
  ['delete_because_no_move_target', ['delete'], /moved to what is not configured/],
  ['delete_because_wrong_repetition', ['delete'], /count or for_each/],
  ['delete_because_count_index', ['delete'], /index is beyond count/],
  ['delete_because_each_key', ['delete'], /key is no longer in for_each/],
  ['delete_because_something_new', ['delete'], /delete because something new/],
];
