/**
 * What Tandem has to know of a release of Kolla-Ansible, read from the released package itself: the group tree of its multinode
 * inventory, the plays of its playbooks with tags and hosts, the services of its roles with group, container and what switches each
 * on, who reads those switches, and which files of one's own each role lays over what it makes.
 *
 *   python3 -m venv v && v/bin/pip install kolla-ansible==22.2.0
 *   node scripts/kolla-data.ts v/share/kolla-ansible 22.2.0 > lib/private-cloud/kolla/data/release.json
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

type Values = Record<string, unknown>;
interface Play {
  name?: string;
  import_playbook?: string;
  hosts?: string | string[];
  tags?: string | string[];
  roles?: (string | { role: string; tags?: string | string[] })[];
  tasks?: unknown[];
}

const [prefix, version] = process.argv.slice(2);
if (prefix === undefined || version === undefined) {
  process.stderr.write('usage: node scripts/kolla-data.ts PREFIX/share/kolla-ansible VERSION\n');
  process.exit(1);
}
const folder = join(prefix, 'ansible');

function load(path: string): unknown {
  return parse(readFileSync(join(folder, path), 'utf8'), {
    logLevel: 'silent',
    customTags: ['!unsafe', '!vault'].map((tag) => ({ tag, resolve: (text: string) => text })),
  });
}

function list(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : [value].flat().flatMap((each) => each.split(/[,:]/));
}

/** Groups of an inventory in order; hosts are examples and are left out. */
function groupsOf(text: string): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  let children: string[] = [];
  for (const line of text.split('\n').map((each) => each.replace(/#.*/, '').trim())) {
    const [, name] = /^\[([^:\]]+)(?::\w+)?\]$/.exec(line) ?? [];
    if (name !== undefined) groups[name] = children = [];
    else if (line !== '' && !/^\S+\d|^localhost/.test(line)) children.push(line);
  }
  return groups;
}

/** Tags anywhere in tasks, and in the roles that they include. */
function tagsIn(tasks: unknown): string[] {
  if (Array.isArray(tasks)) return tasks.flatMap(tagsIn);
  if (typeof tasks !== 'object' || tasks === null) return [];
  return Object.entries(tasks).flatMap(([key, value]) =>
    key === 'tags' ? list(value as string) : typeof value === 'object' ? tagsIn(value) : [],
  );
}

/** Plays of a playbook in order, those that it imports among them. */
function playsOf(playbook: string): Play[] {
  return (load(playbook) as Play[]).flatMap((play) =>
    play.import_playbook === undefined ? [play] : playsOf(play.import_playbook),
  );
}

/** What must be true for a play: `&enable_heat_True` is `enable_heat | bool`. */
function gatesOf(play: Play): string[] {
  return list(play.hosts).flatMap((pattern) => {
    const gate = /^&(.+)$/.exec(pattern)?.[1];
    return gate === undefined
      ? []
      : [...gate.matchAll(/(?:^|_)(enable_.+?)_(True|False)(?=_|$)/g)].map(([, name = '', value]) =>
          value === 'True' ? `${name} | bool` : `not ${name} | bool`,
        );
  });
}

/** Roles that a play applies, whole. */
function rolesOf(play: Play): string[] {
  const named = (play.roles ?? []).map((each) => (typeof each === 'string' ? each : each.role));
  const applied = ((play.tasks ?? []) as Values[]).flatMap((task) => {
    const role = task['ansible.builtin.import_role'] as { name: string; tasks_from?: string } | undefined;
    return role === undefined || role.tasks_from !== undefined ? [] : [role.name];
  });
  return [...named, ...applied];
}

const site = playsOf('site.yml');
const plays = site.map((play) => ({
  name: play.name ?? '',
  hosts: list(play.hosts).filter((each) => !each.startsWith('&')),
  tags: [
    ...new Set([
      ...list(play.tags),
      ...(play.roles ?? []).flatMap((each) => (typeof each === 'string' ? [] : list(each.tags))),
      ...tagsIn(play.tasks),
    ]),
  ],
  roles: rolesOf(play),
}));

const defaultsOf = (role: string): Values => {
  const path = `roles/${role}/defaults/main.yml`;
  return existsSync(join(folder, path)) ? ((load(path) ?? {}) as Values) : {};
};
const everywhere: Values = Object.fromEntries(
  readdirSync(join(folder, 'group_vars/all'))
    .sort()
    .flatMap((file) => Object.entries(load(`group_vars/all/${file}`) as Values)),
);

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A condition without its braces; none for what is always true. */
function conditionOf(enabled: unknown): string[] {
  if (enabled === undefined || enabled === true) return [];
  return [
    textOf(enabled)
      .replace(/^\{\{|\}\}$/g, '')
      .trim(),
  ];
}

/** Roles whose list of services has another name. */
const SERVICES: Readonly<Record<string, RegExp>> = {
  'ovs-dpdk': /^ovsdpdk_services$/,
  'prometheus-node-exporters': /^prometheus_services$/,
};
const snake = (name: string): string => name.replaceAll('-', '_');

/** A group, or the expression that gives it; one that is made while a play runs is the play's own. */
function groupOf(group: unknown, defaults: Values, whole: string): string {
  const name = /^\{\{ (\w+) \}\}$/.exec(String(group))?.[1];
  if (name === undefined) return String(group);
  const found = textOf(defaults[name] ?? everywhere[name] ?? whole);
  if (/ if /.test(found)) note(found, defaults);
  return /\{\{/.test(found) && !/ if /.test(found) ? whole : found;
}

interface Service {
  role: string;
  group: string;
  container: string | null;
  when: string[];
}

const order = [...new Set(plays.flatMap((play) => play.roles))];
const services: Record<string, Service> = {};
const needed = new Set<string>();
const locals: Values = {};
for (const role of order) {
  const defaults = defaultsOf(role);
  const applied = site.filter((play) => rolesOf(play).includes(role));
  const gates = applied.flatMap(gatesOf);
  const own = Object.entries(defaults).find(
    ([name]) => SERVICES[role]?.test(name) ?? name === `${snake(role)}_services`,
  );
  for (const [key, each] of Object.entries((own?.[1] ?? {}) as Record<string, Values>)) {
    const name = key.startsWith('{{') ? role : key;
    const [whole = ''] = list(applied[0]?.hosts);
    services[name] = {
      role,
      group: groupOf(each['group'] ?? name, defaults, whole),
      container: each['container_name'] === undefined ? null : textOf(each['container_name']).replace(/^\{\{.*/, role),
      when: [...new Set([...gates, ...conditionOf(each['enabled'])])],
    };
    for (const condition of services[name].when) note(condition, defaults);
  }
}

/** Notes the variables that an expression names, and those that they are made of. */
function note(expression: string, defaults: Values): void {
  for (const [, name = ''] of expression.replace(/'[^']*'/g, '').matchAll(/\b([a-z]\w+)\b/g)) {
    if (needed.has(name) || !(name in everywhere || name in defaults)) continue;
    needed.add(name);
    if (!(name in everywhere)) locals[name] = defaults[name];
    note(JSON.stringify(everywhere[name] ?? defaults[name]), defaults);
  }
}

/** Variables that decide which certificates and keyrings a deployment reads, and how those are named. */
const OF_SECRETS = [
  ...[
    'kolla_enable_tls_internal',
    'kolla_enable_tls_external',
    'kolla_enable_tls_backend',
    'kolla_externally_managed_cert',
  ],
  ...['kolla_copy_ca_into_containers', 'letsencrypt_managed_certs', 'rabbitmq_enable_tls', 'libvirt_tls'],
  ...[
    'database_enable_tls_internal',
    'database_enable_tls_backend',
    'libvirt_tls_manage_certs',
    'octavia_provider_drivers',
  ],
  ...['kolla_internal_fqdn', 'kolla_external_fqdn', 'ceph_cluster', 'ceph_glance_user', 'ceph_cinder_user'],
  ...['ceph_cinder_backup_user', 'ceph_nova_user', 'ceph_manila_user', 'glance_backend_ceph', 'cinder_backend_ceph'],
  ...['nova_backend_ceph', 'external_ceph_cephx_enabled', 'enable_manila_backend_cephfs_native'],
  ...['enable_manila_backend_cephfs_nfs', 'octavia_auto_configure'],
];
const ofRoles: Values = { ...defaultsOf('nova-cell'), ...defaultsOf('octavia'), ...defaultsOf('loadbalancer') };
for (const name of OF_SECRETS) note(name, ofRoles);

/** Files of a role that say how it is set up. */
function filesOf(path: string): string[] {
  if (!existsSync(join(folder, path))) return [];
  if (!statSync(join(folder, path)).isDirectory()) return [path];
  return readdirSync(join(folder, path)).flatMap((each) => filesOf(`${path}/${each}`));
}

const texts = new Map(
  order.map((role) => [
    role,
    ['defaults', 'tasks', 'templates', 'vars', 'handlers']
      .flatMap((each) => filesOf(`roles/${role}/${each}`))
      .filter((path) => !/tasks\/(?:precheck|loadbalancer|pull|stop|upgrade|check)\.yml$/.test(path))
      .map((path) => readFileSync(join(folder, path), 'utf8'))
      .join('\n'),
  ]),
);
const names = Object.keys(everywhere);
const namesIn = (text: string): string[] =>
  [...new Set([...text.matchAll(/\b[a-z]\w+\b/g)].map(([word]) => word))].filter((word) => word in everywhere);
const madeOf = new Map(names.map((name) => [name, namesIn(JSON.stringify([everywhere[name]]))]));
const readBy = new Map(order.map((role) => [role, new Set(namesIn(texts.get(role) ?? ''))]));
/** Roles that read a switch, by itself or through a switch made of it. */
function readersOf(switched: string): string[] {
  const all = new Set([switched]);
  for (let size = 0; size < all.size; ) {
    size = all.size;
    for (const name of names.filter((each) => each.startsWith('enable_')))
      if (madeOf.get(name)?.some((each) => all.has(each)) === true) all.add(name);
  }
  return order.filter((role) => [...all].some((name) => readBy.get(role)?.has(name) === true));
}

/**
 * Files below `node_custom_config` that a role reads: `<host>` is the name of a host, `*` what only the role itself could tell, and a
 * slash at the end a folder.
 */
function overridesOf(role: string): string[] {
  const text = filesOf(`roles/${role}`)
    .filter((path) => /\.(?:ya?ml|j2)$/.test(path))
    .map((path) => readFileSync(join(folder, path), 'utf8'))
    .join('\n');
  const paths = [...text.matchAll(/\{\{ *node_custom_config *\}\}\/((?:\{\{.*?\}\}|[^"'\s])*)/g)].map(([, path = '']) =>
    path.replaceAll(/\{\{ *inventory_hostname *\}\}/g, '<host>').replaceAll(/\{\{.*?\}\}/g, '*'),
  );
  return [...new Set(paths)].filter((path) => path !== '' && path !== '*').sort();
}

const variables = Object.fromEntries([...needed].sort().map((name) => [name, everywhere[name] ?? locals[name]]));
const switches = names.filter((name) => name.startsWith('enable_')).sort();
process.stdout.write(
  `${JSON.stringify({
    version,
    release: everywhere['openstack_release'],
    groups: groupsOf(readFileSync(join(folder, 'inventory/multinode'), 'utf8')),
    plays: plays.map(({ name, tags, hosts }) => ({ name, tags, hosts })),
    services,
    balanced: order.filter((role) => existsSync(join(folder, `roles/${role}/tasks/loadbalancer.yml`))),
    variables,
    readers: Object.fromEntries(switches.map((name) => [name, readersOf(name)])),
    overrides: Object.fromEntries(
      [...order, 'haproxy-config'].flatMap((role) => {
        const paths = overridesOf(role);
        return paths.length === 0 ? [] : [[role, paths]];
      }),
    ),
  })}\n`,
);
