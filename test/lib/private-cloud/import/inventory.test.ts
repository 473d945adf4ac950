import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readInventorySources } from '../../../../lib/actions/cloud/import/read-sources.ts';
import { Inventory } from '../../../../lib/private-cloud/import/inventory.ts';

const trees = join(import.meta.dirname, 'trees');
/** What the real `ansible-inventory --list` of ansible-core 2.19.14 says of each tree: `trees/README.md`. */
const said = JSON.parse(readFileSync(join(trees, 'ansible-inventory.json'), 'utf8')) as Record<
  string,
  { groups: Record<string, string[]>; variables: Record<string, Record<string, unknown>> }
>;

const PATHS: Record<string, string[]> = {
  'kolla-ansible/multinode': ['kolla-ansible/multinode'],
  'kolla-ansible/all-in-one': ['kolla-ansible/all-in-one'],
  kayobe: ['kayobe/inventory', 'kayobe/environments/ci-aio/inventory'],
  osism: ['osism/inventory'],
  chameleon: ['chameleon/inventory'],
  'made/ini': ['made/ini'],
  'made/yaml': ['made/inventory.yml'],
};

const read = (...paths: string[]) => Inventory.read(readInventorySources(paths.map((path) => join(trees, path))));
const text = (content: string, path = 'hosts') =>
  Inventory.read({ files: [{ path, text: content }], groupVariables: [], hostVariables: [] });
const told = ({ remarks }: Inventory) => remarks.map(({ path, line, text: what }) => `${path}:${line} ${what}`);

describe('an inventory is read as ansible-inventory reads it', () => {
  it.each(Object.entries(PATHS))('%s', (name, paths) => {
    const inventory = read(...paths);
    const expected = said[name];
    const groups = inventory.groups.map((group) => [group.name, inventory.members(group.name)] as const);
    const filled = groups.filter(([, members]) => members.length > 0);
    expect(Object.fromEntries(filled)).toEqual(expected?.groups);
    const variables = inventory.hosts.map((host) => {
      const own = [...inventory.variables(host)].map(([key, { value }]) => [key, value] as const);
      return [host, Object.fromEntries(own)] as const;
    });
    const bare = Object.keys(Object.fromEntries(variables)).filter((host) => !(host in (expected?.variables ?? {})));
    // The program leaves out hosts of which it knows nothing.
    expect(Object.fromEntries(variables)).toEqual({
      ...expected?.variables,
      ...Object.fromEntries(bare.map((host) => [host, {}])),
    });
  });
});

describe('what cannot be read', () => {
  it('fails for a line alone, which is told with its file and number', () => {
    const inventory = text(
      '[a]\nx "open\nh[1:\nok\n[b:what]\nlost\n[c:vars]\nnothing\n[d:children]\nb: c\n[a]\nlast key',
    );
    expect(told(inventory)).toEqual([
      'hosts:2 "x "open" names no host that can be read: it is left out',
      'hosts:3 "h[1:" names no host that can be read: it is left out',
      'hosts:5 "[b:what]" is no section of an inventory: what follows it is left out up to the next section',
      'hosts:8 "nothing" is not `name = value`: it is left out',
      'hosts:10 "b: c" is no name of a group: it is left out',
      'hosts:12 "key" is not `name=value`: it is left out',
      'hosts:7 group c is named but defined nowhere: Ansible refuses that; it is taken as empty',
    ]);
    expect(inventory.members('a')).toEqual(['ok', 'last']);
  });

  it('fails for groups in a circle, whose last step is left out', () => {
    const inventory = text('[a:children]\nb\n[b:children]\nc\n[c:children]\na\n[c]\nh\n');
    expect(told(inventory)).toEqual(['hosts:4 groups in a circle, a > b > c > a: the last step is left out']);
    expect(inventory.members('a')).toEqual(['h']);
  });

  it('fails for a host that is a group too', () => {
    expect(told(text('[web]\nweb'))).toEqual([
      'hosts:1 web is a group and a host: Ansible then takes one for the other',
    ]);
  });

  it('fails for ranges that stand for too many names, and for YAML that is no inventory', () => {
    expect(told(text('[a]\nh[1:99999999]'))).toHaveLength(1);
    const yaml = text('---\nall:\n  hosts: 3\n  odd: {}\nb: [1]\n', 'hosts.yml');
    expect(told(yaml).map((line) => line.slice(0, 44))).toEqual([
      'hosts.yml:2 hosts of group all is no map: it',
      'hosts.yml:2 "odd" in group all is none of ho',
      'hosts.yml:5 group b is no map of hosts, chil',
    ]);
  });

  it('keeps what is right of a YAML file in which one block is wrong, and nothing of an encrypted one', () => {
    const files = [{ path: 'hosts', text: '[a]\nh' }];
    const variables = (body: string) => [{ path: 'group_vars/a.yml', name: 'a', text: body }];
    const broken = Inventory.read({ files, groupVariables: variables('---\na: 1\nb: [1\nc: 3\n'), hostVariables: [] });
    expect([...broken.variables('h').keys()]).toEqual(['a', 'c']);
    expect(broken.remarks).toMatchObject([{ kind: 'not-understood', path: 'group_vars/a.yml', line: 3 }]);
    const vault = Inventory.read({
      files,
      groupVariables: variables('$ANSIBLE_VAULT;1.1;AES256\n66'),
      hostVariables: [],
    });
    expect(vault.remarks).toMatchObject([{ kind: 'encrypted', path: 'group_vars/a.yml', line: 1 }]);
  });
});
