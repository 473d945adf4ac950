import type { Organisation } from '../config/schema/organisation.ts';
import { endOf } from './duration.ts';
import { noExtensionAsked, notTheApprover } from './errors.ts';
import { editLease, leaseFile } from './lease-file.ts';
import type { DevPorts } from './ports.ts';
import { type DevEnvironment, readLeaseText } from './workspace.ts';

/** An extension that waits for an answer. */
export interface AskedExtension {
  readonly until: string;
  /** Who committed it; null where it is not committed, or nobody knows. */
  readonly by: string | null;
}

/** What was asked for, and by whom; undefined where nothing is. */
export async function askedExtension(
  ports: Pick<DevPorts, 'files' | 'repository'>,
  { name, lease }: Pick<DevEnvironment, 'name' | 'lease'>,
): Promise<AskedExtension | undefined> {
  const { askedUntil } = lease.value;
  if (askedUntil === undefined) return undefined;
  return { until: askedUntil, by: (await writerOf(ports, name, 'askedUntil')) ?? null };
}

/** Who committed a key of a lease; undefined where it is not committed, or nobody knows. */
export async function writerOf(
  { files, repository }: Pick<DevPorts, 'files' | 'repository'>,
  name: string,
  key: 'askedUntil' | 'approvedUpdate',
): Promise<string | undefined> {
  const lines = (readLeaseText(files, name) ?? '').split('\n');
  const line = lines.findIndex((each) => each.startsWith(`${key}:`)) + 1;
  return line === 0 ? undefined : await repository.writerOf(leaseFile(name), line);
}

/**
 * Who commits here may answer, where the organisation names them, and they neither own the lease nor asked.
 * @throws TandemError `no-extension-asked`, `extension-not-approver`
 */
export async function requireApprover(
  ports: Pick<DevPorts, 'files' | 'repository'>,
  environment: DevEnvironment,
  { extensions: { approvers } }: Organisation['leases'],
): Promise<AskedExtension> {
  const { name, lease } = environment;
  const asked = await askedExtension(ports, environment);
  if (asked === undefined) throw noExtensionAsked(name);
  const identity = (await ports.repository.identity())?.toLowerCase();
  const involved = [lease.value.owner, asked.by ?? ''].map((each) => each.toLowerCase());
  const able = approvers.map((each) => each.toLowerCase()).filter((each) => !involved.includes(each));
  if (identity === undefined || !able.includes(identity)) throw notTheApprover(name, able, identity);
  return asked;
}

/** The lease with a later end; what was asked for goes where that end covers it. Pure. */
export function withEnd(text: string, until: string, askedUntil: string | undefined): string {
  const isCovered = askedUntil !== undefined && endOf(askedUntil) <= endOf(until);
  const extended = editLease(text, 'until', until);
  return isCovered ? editLease(extended, 'askedUntil', undefined) : extended;
}
