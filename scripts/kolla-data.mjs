/**
 * What the renderer has to know of a release of Kolla-Ansible, taken from the released package itself: the group tree of its
 * multinode inventory, and which role runs which service on which group.
 *
 *   python3 -m venv v && v/bin/pip install kolla-ansible==22.2.0
 *   node scripts/kolla-data.mjs v/share/kolla-ansible 22.2.0 > lib/private-cloud/kolla/data/release.json
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, version] = process.argv.slice(2);
if (folder === undefined || version === undefined) {
  process.stderr.write('usage: node scripts/kolla-data.mjs PREFIX/share/kolla-ansible VERSION\n');
  process.exit(1);
}

/** Groups of an inventory in order; hosts are examples and are left out. */
function groupsOf(/** @type {string} */ text) {
  /** @type {Record<string, string[]>} */
  const groups = {};
  /** @type {string[]} */
  let children = [];
  for (const line of text.split('\n').map((each) => each.replace(/#.*/, '').trim())) {
    const [, name, kind] = /^\[([^:\]]+)(?::(\w+))?\]$/.exec(line) ?? [];
    if (name !== undefined) groups[name] = children = [];
    else if (line !== '' && kind === undefined && line in groups) children.push(line);
    else if (line !== '' && !/^\S+\d|^localhost/.test(line)) children.push(line);
  }
  return groups;
}

/** Services of a role: `<role>_services` in its defaults, each with the group that it runs on. */
function servicesOf(/** @type {string} */ role) {
  const file = join(String(folder), 'ansible/roles', role, 'defaults/main.yml');
  /** @type {Record<string, { role: string, group: string }>} */
  const services = {};
  if (!existsSync(file)) return services;
  let inside = false;
  let name = '';
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (/^[a-z]/.test(line)) inside = /^\w+_services:$/.test(line);
    if (!inside) continue;
    const service = /^ {2}([a-z0-9-]+):$/.exec(line)?.[1];
    if (service !== undefined) services[(name = service)] = { role, group: service };
    const group = /^ {4}group: "?([a-z0-9-]+)"?$/.exec(line)?.[1];
    if (group !== undefined) services[name] = { role, group };
  }
  return services;
}

const release = /openstack_release: "(.+)"/.exec(
  readFileSync(join(folder, 'ansible/group_vars/all/common.yml'), 'utf8'),
)?.[1];
const groups = groupsOf(readFileSync(join(folder, 'ansible/inventory/multinode'), 'utf8'));
const services = Object.assign({}, ...readdirSync(join(folder, 'ansible/roles')).sort().map(servicesOf));
process.stdout.write(`${JSON.stringify({ version, release, groups, services }, null, 1)}\n`);
