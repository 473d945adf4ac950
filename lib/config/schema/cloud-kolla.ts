import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { backup } from './cloud-backup.ts';
import { interfaceName } from './cloud-hosts.ts';
import { timers } from './cloud-timers.ts';
import { name, named, text } from './common.ts';

/** A variable of Kolla-Ansible; what looks like a secret has no place here. */
const globalName = z.string().regex(/^(?!.*(?:password|secret|token|private_key))[a-z_][a-zA-Z0-9_]*$/, {
  error: because(
    'it is not a variable of Kolla-Ansible, or it holds a secret, and the configuration holds no secrets',
    'write one like enable_horizon; secrets are in passwords.yml of the folder kolla.secrets',
  ),
});

/** Ansible runs what is in here on the deployment host. */
const expression = z.strictObject({
  expression: text(2000).describe(
    'Template that Ansible evaluates. CAUTION: it may run commands on the deployment host, as whoever deploys.',
  ),
});

/** A key of a variable that has structure. */
export const structureKey = z.string().regex(/^(?!.*(?:password|secret|token|private_key))[\w.@:/-]{1,128}$/i, {
  error: because(
    'it has letters, digits, dots, hyphens, underscores, slashes, colons and @, and holds no secret',
    'write one like name; secrets are in passwords.yml of the folder kolla.secrets',
  ),
});

/** What a variable may be: text, a number, yes or no, an expression; and lists and maps of them, four deep. */
export type Structure =
  | string
  | number
  | boolean
  | { readonly expression: string }
  | readonly Structure[]
  | { readonly [key: string]: Structure };

function structure(depth: number): z.ZodType<Structure> {
  const scalars = [text(2000), z.number(), z.boolean(), expression] as const;
  if (depth === 0) return z.union(scalars);
  const inner = structure(depth - 1);
  return z.union([...scalars, z.array(inner), z.record(structureKey, inner)]);
}

/** A variable of Ansible, in globals.yml or in the inventory. */
const variable = structure(4);

const groupName = z.string().regex(/^[A-Za-z0-9_][\w.-]{0,62}$/, {
  error: because(
    'a group of an inventory has letters, digits, underscores, hyphens and dots',
    'write one like octavia-worker',
  ),
});

const member = z.string().regex(/^[A-Za-z0-9_][\w.-]{0,252}$/, {
  error: because('it is the name of neither a host nor a group', 'write one like control01'),
});

/** What an inventory says beyond what roles and racks do. */
const inventory = z.strictObject({
  groups: named(
    z.strictObject({
      hosts: z.array(member).optional().describe('Its own hosts. Without `children`, it has no others.'),
      children: z.array(groupName).optional().describe('Groups whose hosts it has too.'),
      variables: named(variable, globalName).default({}).describe('Variables of its hosts.'),
    }),
    groupName,
  )
    .default({})
    .describe(
      "Groups of the inventory. One with `hosts` or `children` stands in place of what the hosts' roles make of it; others are added.",
    ),
  hosts: named(named(variable, globalName), member).default({}).describe('Variables of single hosts.'),
});

/** Services that a cloud runs only where it names them. Prometheus is none: it runs where hosts have the role `monitoring`. */
export const EXTRA_SERVICES = [
  ...(['aodh', 'barbican', 'blazar', 'ceilometer', 'central-logging', 'cloudkitty', 'cyborg', 'gnocchi'] as const),
  ...(['grafana', 'heat', 'ironic', 'magnum', 'manila', 'masakari', 'mistral', 'skyline', 'tacker'] as const),
  ...(['trove', 'watcher'] as const),
] as const;

/** What Kolla-Ansible has to know of a cloud that it deploys. */
export const kolla = z.strictObject({
  secrets: z
    .string()
    .regex(/^\/[\w@%+=:,./-]{0,1023}$/, {
      error: because('it is a folder on the deployment host', 'write an absolute path like /etc/kolla/paris'),
    })
    .describe(
      'Folder on the deployment host with `passwords.yml` (from kolla-genpwd, or a vault), `certificates/` and, for Ceph, `config/` with its keyrings. kolla-ansible reads it; Tandem only links to it.',
    ),
  user: name().default('kolla').describe('Login on the hosts.'),
  baseDistro: z
    .enum(['debian', 'ubuntu', 'rocky', 'centos'])
    .default('debian')
    .describe('Base distribution of the container images.'),
  containerEngine: z.enum(['docker', 'podman']).default('docker').describe('Container engine of the hosts.'),
  providerInterfaces: z
    .record(name(), interfaceName)
    .default({})
    .describe('Interface of the network hosts that carries each physical network, e.g. `physnet1: bond1`.'),
  services: z
    .array(z.enum(EXTRA_SERVICES))
    .default([])
    .describe(
      'Services beyond those that every cloud has, with what each brings along: Masakari brings Pacemaker, central logging brings OpenSearch. A name that is added is deployed with all that reads it; one that is removed is stopped, and keeps its data. What a service needs besides (a back end of Manila, interfaces of Ironic) is set in `globals`.',
    ),
  globals: z
    .record(globalName, variable)
    .default({})
    .describe(
      'More variables for globals.yml, lists and maps among them. Text stays text; what Ansible shall evaluate is written `{ expression: "{{ … }}" }`. Those that other fields say are refused; what Tandem chooses itself, such as enable_heat, they replace.',
    ),
  timers: timers
    .prefault({})
    .describe(
      'Failover times: how soon what is lost is noticed, and how long its clients wait. Predictions and alerts follow them. CAUTION: what was measured in drills holds for the defaults alone.',
    ),
  inventory: inventory.prefault({}).describe('Groups and variables of the inventory, as an existing one has them.'),
  backup: backup
    .optional()
    .describe('Backups of the database and of OVN, taken by `cloud backup`. Default: none are taken.'),
});
