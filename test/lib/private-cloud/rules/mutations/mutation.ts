import { Draft, type Files, lease, type Shape, soundCloud } from '../sound-cloud.ts';

/** One change that breaks one rule. */
export interface Mutation {
  readonly code: string;
  readonly what: string;
  /** What the cloud must be like for the change to break that rule and no other. */
  readonly on: Partial<Shape>;
  readonly change: (cloud: Draft, files: Files, shape: Shape) => void;
}

export const converged = { layout: 'converged', controllers: 3 } as const;
export const separated = { layout: 'separated', controllers: 3, balancers: 2 } as const;
export const ceph = { ...converged, backend: 'ceph' } as const;
export const empty = { leases: 0 } as const;
export const kolla = { ...converged, kolla: true } as const;

/** A second cloud beside the first. */
export function second(files: Files, shape: Shape): Draft {
  const content = soundCloud(shape, 2);
  files['config/clouds/two.yaml'] = content;
  return new Draft(content);
}

/** As many leases as wanted of one tier, spread over all zones. */
export function fill(files: Files, leases: number, count: number, flavor: string): void {
  files['config/blueprints/full.yaml'] = { description: 'Full', tiers: { node: { image: 'debian', flavor, count } } };
  for (let index = 0; index < leases; index += 1) files[`config/dev/full${index}.yaml`] = lease('full');
}
