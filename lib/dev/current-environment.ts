import type { Project } from '../config/project.ts';
import { type UnfinishedOperation, wayOn } from '../state/journal.ts';
import { environmentUnfinished, leaseStale } from './errors.ts';
import { leaseFile } from './lease-file.ts';
import { requireCurrent } from './lease-step.ts';
import type { DevPorts } from './ports.ts';
import { type DevEnvironment, requireEnvironment, requireValid } from './workspace.ts';

/**
 * An environment for a command that acts on it without changing its lease: as this checkout has it, which must be as everybody has it.
 * @throws TandemError `no-such-lease`, `lease-stale`
 */
export async function currentEnvironment(
  ports: DevPorts,
  name: string,
): Promise<{ readonly project: Project; readonly environment: DevEnvironment }> {
  const project = requireValid(name, ports.files, ports.clock.now());
  const environment = requireEnvironment(project, name);
  const branch = await ports.repository.survey(leaseFile(name));
  if (branch.isBehind) throw leaseStale(name, branch.label ?? '', branch.by);
  await requireCurrent(ports, branch, environment);
  return { project, environment };
}

/** Refuses to begin while another command on the environment is unfinished: its success would end that one in the journal. */
export function refusesOthers(name: string) {
  return ({ verb, by, resume }: UnfinishedOperation) => environmentUnfinished(name, verb, by, wayOn(resume));
}
