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
  return { version: versionOf(stack.text), plan };
}

/** Pure. The end of a lease stands in the tags of its project, and nowhere else. */
function versionOf(artefact: string): string {
  const root = JSON.parse(artefact) as { resource?: Record<string, unknown> };
  const { openstack_identity_project_v3: _project, ...resource } = root.resource ?? {};
  return hash('sha256', JSON.stringify({ ...root, resource })).slice(0, 12);
}
