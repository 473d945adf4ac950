import { hasErrors } from '../config/check.ts';
import { type Demand, demandOf } from '../config/demand.ts';
import { formatProblem } from '../config/diagnostic.ts';
import type { ConfigFiles } from '../config/files.ts';
import { blueprintOf, cloudOf, type Entity, type Project } from '../config/project.ts';
import type { Blueprint } from '../config/schema/blueprint.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import type { Lease } from '../config/schema/lease.ts';
import { isMissing } from '../fs/files.ts';
import { loadChecked } from '../private-cloud/checks/load-checked.ts';
import { StackId } from '../stack/id.ts';
import { nearest } from '../text/nearest.ts';
import { invalidLease, noSuchLease } from './errors.ts';
import { leaseFile } from './lease-file.ts';

/** A lease with all that it stands on. */
export interface DevEnvironment {
  readonly name: string;
  readonly stack: StackId;
  readonly lease: Entity<Lease>;
  readonly blueprint: Entity<Blueprint>;
  readonly cloud: Entity<Cloud>;
}

/** The files with one of them changed, added, or (`undefined`) removed: a change is checked before it is written. */
export function withFile(files: ConfigFiles, file: string, text: string | undefined): ConfigFiles {
  const slash = file.lastIndexOf('/');
  const folder = file.slice(0, slash);
  const name = file.slice(slash + 1);
  return {
    list(asked) {
      const names = files.list(asked);
      if (asked !== folder) return names;
      const others = names.filter((each) => each !== name);
      return text === undefined ? others : [...others, name].sort();
    },
    read(asked) {
      if (asked !== file) return files.read(asked);
      if (text === undefined) throw Object.assign(new Error('there is no such file'), { code: 'ENOENT' });
      return new TextEncoder().encode(text);
    },
  };
}

/** The configuration, checked. @throws TandemError `invalid-lease` with every problem where one is an error */
export function requireValid(name: string, files: ConfigFiles, now: Date): Project {
  const { project, problems } = loadChecked(files, now);
  if (project === undefined || hasErrors(problems)) {
    const errors = problems.filter((problem) => problem.severity === 'error').map(formatProblem);
    throw invalidLease(name, errors);
  }
  return project;
}

/** @throws TandemError `no-such-lease` */
export function requireEnvironment(project: Project, name: string): DevEnvironment {
  const environment = environmentOf(project, name);
  if (environment !== undefined) return environment;
  throw noSuchLease(name, nearest(name, project.leases.keys()));
}

export function environmentOf(project: Project, name: string): DevEnvironment | undefined {
  const lease = project.leases.get(name);
  if (lease === undefined) return undefined;
  const cloud = project.clouds.get(cloudOf(project, lease));
  const blueprint = blueprintOf(project, lease);
  if (cloud === undefined || blueprint === undefined) return undefined;
  return { name, stack: StackId.lease(cloud.name, name), lease, blueprint, cloud };
}

/** What it takes. @param lease another state of its lease. @default - its own */
export function demandIn({ name, lease, blueprint, cloud }: DevEnvironment, value: Lease = lease.value): Demand {
  return demandOf({ name, lease: value, blueprint: blueprint.value, cloud: cloud.value });
}

/** Text of a lease in the working tree; undefined where there is none. */
export function readLeaseText(files: ConfigFiles, name: string): string | undefined {
  try {
    return new TextDecoder().decode(files.read(leaseFile(name)));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
