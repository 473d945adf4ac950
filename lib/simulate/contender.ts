import type { FleetDefinition } from './fleet/definition.ts';
import type { OwnPolicy } from './run/policy.ts';

/** What decides on the capacity of a fleet, to be compared with others. */
export interface Contender {
  /** As reports name it. */
  readonly name: string;
  readonly fleet: FleetDefinition;
  readonly policy?: OwnPolicy | undefined;
}

/** Bounds of a fleet, in instances. */
export interface FleetSizes {
  readonly minimum: number;
  readonly maximum: number;
}
