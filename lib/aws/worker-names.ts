/** How often an instance says what it does, and after which silence it counts as lost. */
export const HEARTBEATS = { everySeconds: 15, lostAfterSeconds: 45 } as const;

/** Namespace of the metrics of a cluster's workers and of those that are counted from its events. */
export function metricNamespace(cluster: string): string {
  return `Tandem/${cluster}`;
}
