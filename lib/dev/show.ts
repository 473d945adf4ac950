import type { Project } from '../config/project.ts';
import type { ProjectHealth } from '../openstack-api/cloud-api.ts';
import { unmanagedIn, unmanagedText } from '../plan/difference/unmanaged.ts';
import { type Access, accessOf } from './access.ts';
import { appliedElsewhere } from './applied.ts';
import { askedExtension } from './extension.ts';
import { requireHere } from './lease-step.ts';
import { type EnvironmentRow, toRow } from './list.ts';
import type { DevPorts } from './ports.ts';
import { spentBy } from './spent.ts';
import { requireEnvironment } from './workspace.ts';

/** All that can be said of one environment. */
export interface ShownEnvironment extends EnvironmentRow {
  readonly stack: string;
  readonly file: string;
  readonly since: string;
  readonly purpose: string | null;
  readonly users: readonly string[];
  /** Null where it was never applied. */
  readonly access: Access | null;
  readonly health: ProjectHealth | null;
  /** Whether the lease has an SSH key: without one nobody can log in. */
  readonly hasKeys: boolean;
  /** Addresses of resources that differ from what was applied. */
  readonly drifted: readonly string[];
  /** What its project holds besides, what is open to everybody first: `floating address 203.0.113.7, made … (floating-address/…)`. */
  readonly unmanaged: readonly string[];
  readonly applied: { readonly at: string; readonly by: string; readonly commit: string } | null;
}

export async function showEnvironment(ports: DevPorts, project: Project, name: string): Promise<ShownEnvironment> {
  await requireHere(ports, project, name);
  const environment = requireEnvironment(project, name);
  const { stack, lease, cloud } = environment;
  const [record, open] = await Promise.all([ports.records.read(stack), ports.journal.open()]);
  const unfinished = open.some((operation) => operation.stacks.includes(stack));
  const [drift, access] =
    record === undefined
      ? [undefined, undefined]
      : await Promise.all([ports.deployer.drift(project, stack), accessOf(ports, project, environment)]);
  const elsewhere = await appliedElsewhere(ports.git, record, lease.value);
  const health = access === undefined ? undefined : await ports.cloud(cloud).health(access.projectId);
  const asked = await askedExtension(ports, environment);
  const row = toRow(environment, project, { record, unfinished, elsewhere, drift, asked }, ports.clock.now());
  const spent = access === undefined ? undefined : await spentBy(ports, project, environment, row.monthlyCost);
  return {
    ...onCloud({ ...row, spent: spent ?? null }, health),
    hasKeys: lease.value.sshKeys.length > 0,
    stack,
    file: lease.file,
    since: lease.value.since,
    purpose: lease.value.purpose ?? null,
    users: lease.value.users,
    access: access ?? null,
    health: health ?? null,
    drifted: [...(drift?.drift ?? []), ...(drift?.changes ?? [])]
      .filter((change) => unmanagedText(change) === undefined)
      .map((change) => change.address),
    unmanaged: drift === undefined ? [] : unmanagedIn(drift),
    applied: record === undefined ? null : { at: record.at, by: record.by, commit: record.commit },
  };
}

/** Servers that are all stopped are frozen, whatever was applied; where only some are, the record's word stands. Pure. */
function onCloud(row: EnvironmentRow, health: ProjectHealth | undefined): EnvironmentRow {
  const servers = health?.servers ?? [];
  const isStopped = servers.length > 0 && servers.every(({ status }) => status.startsWith('SHELVED'));
  return row.state === 'active' && isStopped ? { ...row, state: 'frozen' } : row;
}
