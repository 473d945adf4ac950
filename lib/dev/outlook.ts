import { hash } from 'node:crypto';
import type { Project } from '../config/project.ts';
import type { DeployPorts } from '../deploy/ports.ts';
import { difference } from '../engines/plugins.ts';
import type { BaseStack } from '../plan/base.ts';
import { planOffline } from '../plan/plan.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import type { StackOutlook } from './ports.ts';

/** What a lease's stack would become beside what its record says was last applied. Asks no cloud. */
export async function outlookOf(
  { records, git }: Pick<DeployPorts, 'records' | 'git'>,
  project: Project,
  stack: SynthesizedStack,
): Promise<StackOutlook> {
  const record = await records.read(stack.id);
  const stacks = new Map<BaseStack['id'], BaseStack>();
  if (record !== undefined) {
    const { engine, artefact: text, digest, commit, files, by, at, target } = record;
    const base = { id: stack.id, engine, text, digest, commit, files, applied: { by, at } };
    stacks.set(stack.id, target === undefined ? base : { ...base, target });
  }
  const base = { kind: 'record', ref: '', stacks } as const;
  const planned = await planOffline({ project, stacks: [stack], gone: [], base, git, difference });
  const [plan] = planned.stacks;
  if (plan === undefined) throw new Error(`no plan of ${stack.id}`);
  const version = versionOf(stack.text);
  return { version, isUpdate: record !== undefined && versionOf(record.artefact) !== version, plan };
}

/** Pure. The end of a lease stands in the tags of its project, and whether it is frozen in its servers' power state; nowhere else. */
function versionOf(artefact: string): string {
  const root = JSON.parse(artefact) as { resource?: Record<string, Record<string, object>> };
  const {
    openstack_identity_project_v3: _project,
    openstack_compute_instance_v2: servers = {},
    ...resource
  } = {
    ...root.resource,
  };
  const stateless = Object.entries(servers).map(([name, server]) => [name, { ...server, power_state: undefined }]);
  return hash('sha256', JSON.stringify({ ...root, resource, stateless })).slice(0, 12);
}
