import { z } from 'zod';
import type { HostCommand } from '../members/ports.ts';

/** What a cloud is made of besides rows of its database: it goes on existing whatever the rows say. */
export type ResourceKind = 'network' | 'port' | 'router' | 'server' | 'project';

export interface Resource {
  readonly kind: ResourceKind;
  readonly id: string;
  /** The host of a server; for a project, what names it; else OVN's database. */
  readonly where: string;
}

/** What the services know, of all projects. */
export interface KnownResources {
  readonly networks: readonly string[];
  readonly routers: readonly string[];
  readonly projects: readonly string[];
  readonly ports: readonly string[];
  /** With the host that it is said to be on: those without one exist nowhere. */
  readonly servers: readonly { readonly id: string; readonly host: string | undefined }[];
}

export interface Differences {
  /** They exist, and no service knows them: made since the backup. */
  readonly orphans: readonly Resource[];
  /** Services know them, and they do not exist: deleted since the backup. */
  readonly absent: readonly Resource[];
  /** Compute hosts that did not answer: nothing is said of their servers. */
  readonly unasked: readonly string[];
}

const NORTHBOUND = "OVN's northbound database";

/** Switches, ports and routers, in one question that changes nothing. */
export function askNorthbound(host: string): HostCommand {
  const select = (table: string, columns: readonly string[]) => ({ op: 'select', table, where: [], columns });
  const query = [
    'OVN_Northbound',
    select('Logical_Switch', ['name']),
    select('Logical_Switch_Port', ['name', 'external_ids']),
    select('Logical_Router', ['name']),
  ];
  const argv = ['ovsdb-client', '--no-leader-only', 'query', 'unix:/run/ovn/ovnnb_db.sock', JSON.stringify(query)];
  return { host, container: 'ovn_nb_db', argv, timeoutSeconds: 300 };
}

/** Every domain of a compute host, running or not. */
export function askDomains(host: string): HostCommand {
  return { host, container: 'nova_libvirt', argv: ['virsh', 'list', '--all', '--uuid'], timeoutSeconds: 60 };
}

const row = z.object({
  name: z.string(),
  external_ids: z.tuple([z.literal('map'), z.array(z.array(z.string()))]).optional(),
});
const answer = z.tuple([
  z.object({ rows: z.array(row) }),
  z.object({ rows: z.array(row) }),
  z.object({ rows: z.array(row) }),
]);

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const OWN = new RegExp(`^neutron-(${UUID})$`);
const PORT = new RegExp(`^${UUID}$`);

/**
 * Neutron names switches and routers by their UUID behind `neutron-`, ports by theirs alone, and writes the project of a port beside it; what has
 * other names is somebody else's. Pure.
 * @throws Error where it is no answer of ovsdb-client
 */
export function readNorthbound(stdout: string): readonly Resource[] {
  const [switches, ports, routers] = answer.parse(JSON.parse(stdout));
  const named = (kind: ResourceKind, rows: readonly z.output<typeof row>[]): Resource[] =>
    rows.flatMap(({ name }) => {
      const id = OWN.exec(name)?.[1];
      return id === undefined ? [] : [{ kind, id, where: NORTHBOUND }];
    });
  const own = ports.rows.filter(({ name }) => PORT.test(name));
  const projects = new Map(
    own.flatMap(({ name, external_ids: ids }) => {
      const project = ids?.[1].find(([key]) => key === 'neutron:project_id')?.[1] ?? '';
      return project === '' ? [] : [[project, name] as const];
    }),
  );
  return [
    ...named('network', switches.rows),
    ...named('router', routers.rows),
    ...own.map(({ name: id }): Resource => ({ kind: 'port', id, where: NORTHBOUND })),
    ...[...projects].map(([id, port]): Resource => ({ kind: 'project', id, where: `port ${port}` })),
  ];
}

export function readDomains(host: string, stdout: string): readonly Resource[] {
  const ids = stdout.split('\n').map((line) => line.trim());
  return ids.filter((id) => PORT.test(id)).map((id): Resource => ({ kind: 'server', id, where: host }));
}

/**
 * What exists against what the services know, both ways. Projects exist nowhere but in rows: one that a port names and Keystone does not
 * know was made since the backup. Pure.
 */
export function differencesOf(
  existing: readonly Resource[],
  known: KnownResources,
  unasked: readonly string[],
): Differences {
  const key = ({ kind, id }: Pick<Resource, 'kind' | 'id'>): string => `${kind} ${id.replaceAll('-', '')}`;
  const there = new Set(existing.map(key));
  const of = (kind: ResourceKind, ids: readonly string[]): Resource[] =>
    ids.map((id) => ({ kind, id, where: NORTHBOUND }));
  const servers = known.servers.flatMap(({ id, host }): Resource[] =>
    host === undefined ? [] : [{ kind: 'server', id, where: host }],
  );
  const inNetwork = [...of('network', known.networks), ...of('router', known.routers), ...of('port', known.ports)];
  const everything = [
    ...inNetwork,
    ...known.servers.map(({ id }) => ({ kind: 'server' as const, id })),
    ...of('project', known.projects),
  ];
  const rows = new Set(everything.map(key));
  const isAsked = ({ kind, where }: Resource): boolean => kind !== 'server' || !unasked.includes(where);
  return {
    orphans: existing.filter((each) => !rows.has(key(each))),
    absent: [...inNetwork, ...servers].filter((each) => isAsked(each) && !there.has(key(each))),
    unasked,
  };
}
