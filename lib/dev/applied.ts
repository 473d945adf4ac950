import { z } from 'zod';
import type { Lease } from '../config/schema/lease.ts';
import type { Git } from '../git/git.ts';
import type { StackRecord } from '../state/record.ts';

/** A lease as it was last applied. */
export interface AppliedLease {
  readonly owner: string;
  readonly until: string;
  readonly state: Lease['state'];
}

const artefactSchema = z.object({
  resource: z.object({
    openstack_identity_project_v3: z.record(z.string(), z.object({ tags: z.array(z.string()) })),
    openstack_compute_instance_v2: z.record(z.string(), z.object({ power_state: z.string().optional() })).default({}),
  }),
});

/** What a record says of its lease; undefined where it is of something else. Pure. */
export function appliedLease(record: Pick<StackRecord, 'artefact'>): AppliedLease | undefined {
  const { data } = artefactSchema.safeParse(JSON.parse(record.artefact));
  if (data === undefined) return undefined;
  const { openstack_identity_project_v3: projects, openstack_compute_instance_v2: servers } = data.resource;
  const tags = Object.values(projects).flatMap((project) => project.tags);
  const tag = (key: string): string => tags.find((each) => each.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
  const powers = Object.values(servers).map((server) => server.power_state ?? 'active');
  const isFrozen = powers.length > 0 && powers.every((power) => power.startsWith('shelved'));
  return {
    owner: tag('owner').replaceAll('%2F', '/').replaceAll('%2C', ','),
    until: tag('until'),
    state: isFrozen ? 'frozen' : 'active',
  };
}

/**
 * The lease as it was last applied, where that is with another end or state than it has here, from a commit that this checkout lacks:
 * somebody else changed it, and this checkout is behind. Undefined where it is not.
 */
export async function appliedElsewhere(
  git: Pick<Git, 'head' | 'isAncestor'>,
  record: StackRecord | undefined,
  lease: Pick<Lease, 'until' | 'state'>,
): Promise<AppliedLease | undefined> {
  const applied = record === undefined ? undefined : appliedLease(record);
  if (record === undefined || applied === undefined || record.commit === '') return undefined;
  if (applied.until === lease.until && applied.state === lease.state) return undefined;
  const head = await git.head();
  return head === undefined || (await git.isAncestor(record.commit, head)) ? undefined : applied;
}
