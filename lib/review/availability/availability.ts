import type { Project } from '../../config/project.ts';
import type { Plan } from '../../plan/model.ts';
import { type Availability, availabilityOf } from '../../private-cloud/failure/line.ts';
import { partsOf, type StackId } from '../../stack/id.ts';
import { type BeforeOf, NOTHING } from '../before.ts';

export interface AvailabilityInputs {
  readonly project: Project;
  readonly before: BeforeOf;
  /** Seconds that the API did not answer in a drill; undefined where none was played. */
  readonly measured: number | undefined;
}

/** A line for each cloud whose answer to a failure changes, with what holds before and after. Pure. */
export function availabilityChanges(plan: Plan, { project, before, measured }: AvailabilityInputs): string[] {
  return touchedClouds(plan).flatMap((cloud) => {
    const [after] = availabilityOf(project, [cloud], measured);
    const earlier = projectBefore(plan, cloud, project, before);
    if (earlier === undefined) return after === undefined ? [] : [after.text];
    const [once] = availabilityOf(earlier, [cloud], measured);
    return describe(cloud, once, after);
  });
}

function describe(cloud: string, before: Availability | undefined, after: Availability | undefined): string[] {
  if (before?.essence === after?.essence) return [];
  const strip = ({ text }: Availability): string => text.slice(cloud.length + 2);
  if (after === undefined)
    return before === undefined ? [] : [`${cloud}: survives no failure of a rack any more; before, ${strip(before)}`];
  return [before === undefined ? after.text : `${after.text}; before, ${strip(before)}`];
}

/** Clouds with a stack, a lease or their own tree that changes. */
export function touchedClouds(plan: Pick<Plan, 'stacks'>): string[] {
  const names = touched(plan).flatMap((id) => partsOf(id).cloud ?? []);
  return [...new Set(names)].sort();
}

function touched({ stacks }: Pick<Plan, 'stacks'>): StackId[] {
  return stacks.filter(({ changes }) => changes.some(({ noise }) => !noise)).map(({ id }) => id);
}

/** The project with what changes of a cloud as it was: its own file, and its leases with their blueprints. Undefined where that is not known. */
function projectBefore(plan: Plan, cloud: string, project: Project, before: BeforeOf): Project | undefined {
  const clouds = new Map(project.clouds);
  const leases = new Map(project.leases);
  const blueprints = new Map(project.blueprints);
  for (const id of touched(plan)) {
    const { cloud: own, lease } = partsOf(id);
    if (own !== cloud) continue;
    const earlier = before(id);
    if (earlier === 'unknown') return undefined;
    const {
      clouds: oldClouds,
      leases: oldLeases,
      blueprints: oldBlueprints,
    } = earlier === 'absent' ? NOTHING : earlier;
    if (lease === undefined) {
      put(clouds, cloud, oldClouds.get(cloud));
      continue;
    }
    const old = oldLeases.get(lease);
    const blueprint = old === undefined ? undefined : oldBlueprints.get(old.value.blueprint);
    // Two leases may have been made from two versions of one blueprint.
    const name = `${old?.value.blueprint ?? ''} of ${lease}`;
    put(blueprints, name, blueprint === undefined ? undefined : { ...blueprint, name });
    put(leases, lease, old === undefined ? undefined : { ...old, value: { ...old.value, blueprint: name } });
  }
  return { ...project, clouds, leases, blueprints };
}

function put<T>(map: Map<string, T>, name: string, value: T | undefined): void {
  if (value === undefined) map.delete(name);
  else map.set(name, value);
}
