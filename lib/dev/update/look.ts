import type { Project } from '../../config/project.ts';
import { leaseStale } from '../errors.ts';
import { leaseFile } from '../lease-file.ts';
import type { LeaseBranch } from '../lease-repository.ts';
import { requireCommitted, requireCurrent, requireHere } from '../lease-step.ts';
import type { DevPorts } from '../ports.ts';
import {
  type DevEnvironment,
  demandIn,
  readLeaseText,
  requireEnvironment,
  requireValid,
  withFile,
} from '../workspace.ts';

/** A lease as everybody has it, and so is what it stands on. */
export interface LookedAt {
  readonly project: Project;
  readonly environment: DevEnvironment;
  readonly branch: LeaseBranch;
  /** The lease, with the change that is looked at. */
  readonly text: string;
  readonly isEdited: boolean;
}

/**
 * @param edit a change of the lease that is looked at as if it were made
 * @throws TandemError `no-such-lease`, `lease-stale`, `lease-needs-commit` where its blueprint, cloud or user data are not committed as
 * they are here: what one checkout has must not become of a lease that others use
 */
export async function lookAt(
  ports: DevPorts,
  name: string,
  edit: (text: string, environment: DevEnvironment) => string = (text) => text,
): Promise<LookedAt> {
  const here = requireValid(name, ports.files, ports.clock.now());
  await requireHere(ports, here, name);
  const before = readLeaseText(ports.files, name) ?? '';
  const text = edit(before, requireEnvironment(here, name));
  const project =
    text === before ? here : requireValid(name, withFile(ports.files, leaseFile(name), text), ports.clock.now());
  const environment = requireEnvironment(project, name);
  const branch = await ports.repository.survey(leaseFile(name));
  if (branch.isBehind) throw leaseStale(name, branch.label ?? '', branch.by);
  await requireCurrent(ports, branch, environment);
  requireCommitted(ports, branch, project, environment, { text, isNew: true });
  return { project, environment, branch, text, isEdited: text !== before };
}

/** Servers that each tier is to have. Pure. */
export function countsOf(environment: DevEnvironment): ReadonlyMap<string, number> {
  return new Map(demandIn(environment).tiers.map(({ name: tier, count }) => [tier, count]));
}
