import { directoryFiles } from '../../config/files.ts';
import type { Project } from '../../config/project.ts';
import type { DeployPorts, Target } from '../../deploy/ports.ts';
import { commandLeaseRepository } from '../../dev/lease-commit.ts';
import { outlookOf } from '../../dev/outlook.ts';
import { requireApproved } from '../../dev/update/approval.ts';
import { environmentOf } from '../../dev/workspace.ts';
import { partsOf } from '../../stack/id.ts';
import type { ActionContext } from '../context.ts';

/**
 * Of leases whose owners have to approve an update: that they did. A bundle is approved by signatures instead.
 * @throws TandemError `update-not-approved`
 */
export async function requireOwners(
  { root, signal }: Pick<ActionContext, 'root' | 'signal'>,
  ports: Pick<DeployPorts, 'records' | 'git'>,
  project: Project,
  targets: readonly Target[],
): Promise<void> {
  const open = { files: directoryFiles(root), repository: commandLeaseRepository(root, signal) };
  for (const { stack, destroy } of targets) {
    const { lease } = partsOf(stack.id);
    const environment = destroy || lease === undefined ? undefined : environmentOf(project, lease);
    if (environment === undefined) continue;
    const deployer = { outlook: (of: Project) => outlookOf(ports, of, stack) };
    await requireApproved({ ...open, deployer }, project, environment);
  }
}
