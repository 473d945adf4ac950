/** What whoever decides on the capacity knows of a fleet: what SQS, Auto Scaling and the workers' metrics tell. */
export interface Observation {
  /** Seconds since 1970. */
  readonly now: number;
  /** Jobs that wait, and that run. */
  readonly waiting: number;
  readonly running: number;
  /** Jobs that ended in the last quarter of an hour, and their mean seconds, as CloudWatch knows it: a minute or two late. */
  readonly ended: number;
  readonly meanSeconds: number;
  readonly desired: number;
  readonly inService: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** A policy of one's own, beside or instead of AWS's. */
export interface OwnPolicy {
  readonly everySeconds: number;
  /** The desired capacity from now on; undefined leaves it. */
  decide(observation: Observation): number | undefined;
  /** Fewest instances from now on, above the fleet's own minimum; nothing scales in below. @default - the minimum */
  floor?(observation: Observation): number;
}
