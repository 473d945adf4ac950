import { describe, expect, it } from 'vitest';
import { type Adaptation, adapt } from '../../../lab/ha/adapt.ts';
import { ADAPTATIONS, TARGETS } from '../../../lab/ha/adaptations.ts';
import { adaptationHost, configured } from '../../../lab/ha/configure.ts';
import { CONTROLLERS } from '../../../lab/ha/hosts.ts';
import { dropOption, optionsOf, setOption } from '../../../lab/ha/ini.ts';
import { SHIPPED_TIMERS } from '../../../lib/private-cloud/topology/timers.ts';

const [first] = CONTROLLERS;
if (first === undefined) throw new Error('no controller');
const host = adaptationHost(first, SHIPPED_TIMERS);
const one = (adaptation: Partial<Adaptation>): Adaptation => ({
  id: 'x',
  file: 'a.conf',
  edits: [],
  reason: 'because',
  ...adaptation,
});

describe('edits of INI files', () => {
  const text = '# note\n[one]\na = 1\nb=2\n\n[two]\na = 3\n';

  it('sets in place, and leaves every other line', () => {
    expect(setOption(text, 'two', 'a', '4')).toBe(text.replace('a = 3', 'a = 4'));
  });

  it('adds an option to its section, and a section to the file', () => {
    expect(optionsOf(setOption(text, 'one', 'c', '5'), 'one').get('c')).toBe('5');
    expect(optionsOf(setOption(text, 'three', 'c', '6'), 'three').get('c')).toBe('6');
  });

  it('drops the option of one section only', () => {
    expect(dropOption(text, 'two', 'a')).toBe('# note\n[one]\na = 1\nb=2\n\n[two]\n');
  });
});

describe('adapting', () => {
  it('applies edits in order, and says what it did', () => {
    const table = [
      one({ edits: [{ set: ['s', 'a'], to: (of) => of.address }, { append: '# end' }], notEvidence: 'sizes' }),
    ];
    const { files, applied } = adapt(new Map([['a.conf', '[s]\na = x\n']]), table, host);
    expect(files.get('a.conf')).toBe('[s]\na = 10.66.0.11\n# end\n');
    expect(applied).toEqual([{ id: 'x', file: 'a.conf', reason: 'because', notEvidence: 'sizes' }]);
  });

  it.each([
    [{ drop: ['s', 'gone'] as const }, 'drop'],
    [{ replace: /nothing/, with: 'x' }, 'replace'],
    [{ set: ['s', 'a'] as const, to: 'x' }, 'set'],
  ])('fails where an edit has nothing left to change: %o', (edit, name) => {
    const files = new Map([['a.conf', '[s]\na = x\n']]);
    expect(() => adapt(files, [one({ edits: [edit] })], host)).toThrow(
      new RegExp(`adaptation x: .*${name}.* changes nothing`),
    );
  });

  it('fails where Kolla rendered no such file', () => {
    expect(() => adapt(new Map(), [one({})], host)).toThrow('Kolla rendered no a.conf for control-a-1');
  });
});

describe('the table, on what Kolla-Ansible made', () => {
  it('has an id and a reason for each, none twice', () => {
    const ids = ADAPTATIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ADAPTATIONS.filter(({ reason }) => reason.length < 10)).toEqual([]);
  });

  it.each(CONTROLLERS.map((controller) => [controller.name, controller] as const))(
    'leaves no edit without effect on %s, and every file in place',
    async (_, controller) => {
      const { files, applied } = await configured(controller, SHIPPED_TIMERS);
      expect(applied.map(({ id }) => id)).toEqual(ADAPTATIONS.map(({ id }) => id));
      expect(Object.keys(TARGETS).filter((path) => !files.has(path))).toEqual([]);
      // A setting changed for one host alone would make three different clusters.
      expect(files.get('mariadb/galera.cnf')).toContain(`wsrep_node_name = ${controller.name}`);
      expect(files.get('haproxy/haproxy.cfg')).toContain('listen mariadb');
    },
  );

  it('holds no secret, only names of them', async () => {
    const { files } = await configured(first, SHIPPED_TIMERS);
    const passwords = [...files.values()].flatMap((text) => text.match(/^(?:\w*password|\w*_key)\s*=\s*(.+)$/gm) ?? []);
    expect(passwords.length).toBeGreaterThan(5);
    expect(passwords.filter((line) => !line.includes('secret-'))).toEqual([]);
  });
});
