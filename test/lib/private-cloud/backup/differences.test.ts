import { describe, expect, it } from 'vitest';
import { compareExisting } from '../../../../lib/cloud-operations/backup/compare.ts';
import { hostUnreachable } from '../../../../lib/engines/kolla/errors.ts';
import {
  askNorthbound,
  differencesOf,
  type KnownResources,
  readDomains,
  readNorthbound,
} from '../../../../lib/private-cloud/backup/differences.ts';
import type { HostCommand } from '../../../../lib/private-cloud/members/ports.ts';

const id = (digit: string): string => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
const [NETWORK, PORT, ROUTER, SERVER, OTHER] = ['1', '2', '3', '4', '5'].map(id) as [
  string,
  string,
  string,
  string,
  string,
];
const PROJECT = 'a'.repeat(32);

const SAID = JSON.stringify([
  { rows: [{ name: `neutron-${NETWORK}` }, { name: 'ovn-octavia' }] },
  {
    rows: [
      { name: PORT, external_ids: ['map', [['neutron:project_id', PROJECT]]] },
      { name: `provnet-${OTHER}`, external_ids: ['map', []] },
      { name: OTHER, external_ids: ['map', [['neutron:project_id', '']]] },
    ],
  },
  { rows: [{ name: `neutron-${ROUTER}` }] },
]);
const NOTHING: KnownResources = { networks: [], routers: [], projects: [], ports: [], servers: [] };
const ALL: KnownResources = {
  ...{ networks: [NETWORK], routers: [ROUTER], projects: [PROJECT], ports: [PORT, OTHER] },
  servers: [{ id: SERVER, host: 'compute-a-1' }],
};
const brief = (list: readonly { kind: string; id: string }[]) => list.map(({ kind, id: own }) => `${kind} ${own}`);

describe('what exists', () => {
  it('in OVN is what Neutron names, with the projects of ports', () => {
    expect(brief(readNorthbound(SAID))).toEqual([
      `network ${NETWORK}`,
      `router ${ROUTER}`,
      `port ${PORT}`,
      `port ${OTHER}`,
      `project ${PROJECT}`,
    ]);
    expect(() => readNorthbound('[{"error":"no"}]')).toThrow();
  });

  it('is asked in one question that changes nothing', () => {
    const { argv, container } = askNorthbound('ovn-a-1');
    expect(container).toBe('ovn_nb_db');
    expect(argv).toContain('query');
    const [database, ...selects] = JSON.parse(argv.at(-1) ?? '') as [string, ...{ op: string }[]];
    expect(database).toBe('OVN_Northbound');
    expect(selects.map(({ op }) => op)).toEqual(['select', 'select', 'select']);
  });

  it('on a compute host is every domain', () => {
    expect(readDomains('compute-a-1', `${SERVER}\n\n`)).toEqual([{ kind: 'server', id: SERVER, where: 'compute-a-1' }]);
  });
});

describe('differences', () => {
  const existing = [...readNorthbound(SAID), ...readDomains('compute-a-1', SERVER)];

  it('are none where services know all that exists', () => {
    expect(differencesOf(existing, ALL, [])).toEqual({ orphans: [], absent: [], unasked: [] });
  });

  it('are what no service knows: made since the backup', () => {
    expect(brief(differencesOf(existing, NOTHING, []).orphans)).toHaveLength(6);
  });

  it('are what does not exist any more: deleted since', () => {
    const { absent, orphans } = differencesOf([], ALL, []);
    expect(brief(absent)).toEqual([
      ...[`network ${NETWORK}`, `router ${ROUTER}`, `port ${PORT}`, `port ${OTHER}`, `server ${SERVER}`],
    ]);
    expect(orphans).toEqual([]);
  });

  it('say nothing of servers on a host that did not answer, or that are on none', () => {
    const without = {
      ...NOTHING,
      servers: [
        { id: SERVER, host: 'compute-a-1' },
        { id: OTHER, host: undefined },
      ],
    };
    expect(differencesOf([], without, ['compute-a-1']).absent).toEqual([]);
  });

  it('are asked of hosts and services, and name a compute host that does not answer', async () => {
    const signal = new AbortController().signal;
    const inventory = [
      { name: 'ovn-nb-db', hosts: ['ovn-a-1'], children: [] },
      { name: 'compute', hosts: ['compute-a-1', 'compute-b-1'], children: [] },
    ];
    const hosts = (code: number) => ({
      run: async ({ host, container }: HostCommand) => {
        if (host === 'compute-b-1') throw hostUnreachable(host);
        return await Promise.resolve({ code, stdout: container === 'ovn_nb_db' ? SAID : SERVER, stderr: 'a secret' });
      },
    });
    const known = () => Promise.resolve(ALL);
    const found = await compareExisting({ hosts: hosts(0), known }, { cloud: 'paris', backup: 'b', inventory }, signal);
    expect(found).toEqual({ orphans: [], absent: [], unasked: ['compute-b-1'] });
    const failed = compareExisting({ hosts: hosts(1), known }, { cloud: 'paris', backup: 'b', inventory }, signal);
    await expect(failed).rejects.toMatchObject({ code: 'comparison-failed' });
    await expect(failed).rejects.not.toThrow(/secret/);
  });
});
