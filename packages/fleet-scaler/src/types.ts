/** What is known of a fleet at one moment: what SQS, Auto Scaling and the workers' metrics tell. */
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

export interface ScalerSettings {
  /** Wait in seconds that most jobs shall not exceed. */
  readonly waitSeconds: number;
  /** Seconds from a launch until the instance takes jobs. */
  readonly bootSeconds: number;
  /** Seconds that an instance without a job is kept. */
  readonly idleSeconds: number;
  /** Jobs that an instance does at once. */
  readonly slots: number;
}

/** A day as it was learned. */
export interface Day {
  /** Jobs that wait or run, by time of the day (UTC), in parts of five minutes; null, or none at the end, where nothing is known yet. */
  readonly profile: readonly (number | null)[];
  /** Today's load in times of the days before. */
  readonly level: number;
}

/** What one decision leaves to the next: plain JSON below 4 KB. */
export interface ScalerState {
  readonly format: 'tandem.fleet-scaler-state/2';
  /** When it was decided; seconds since 1970. */
  readonly at: number;
  /** When no job waited, the last time; seconds since 1970. */
  readonly emptyAt: number;
  /** Mean of a job in seconds, as last known. */
  readonly meanSeconds: number;
  /** Instances that were needed within the last `idleSeconds`, and when: later ones are fewer. */
  readonly needs: readonly (readonly [at: number, instances: number])[];
  readonly day: Day;
  /** Instance-seconds that instances beyond the need may still cost. */
  readonly credit: number;
  /** Instances beyond the need. */
  readonly spare: number;
}

export interface Decision {
  readonly state: ScalerState;
  /** Instances from now on: a whole number from the minimum to the maximum. */
  readonly desired: number;
}

/** Jobs that wait or run at a time, in seconds since 1970; undefined where nobody knows. */
export type Forecast = (at: number) => number | undefined;

export type Decide = (
  state: ScalerState | undefined,
  observation: Observation,
  settings: ScalerSettings,
  forecast?: Forecast,
) => Decision;
