/** A worker configuration as the cluster writes it. */
export function workerConfigText(more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    ...{ format: 'tandem.worker/2', cluster: 'c', region: 'eu-west-3' },
    program: { kind: 'command', command: ['/bin/true'], version: '1' },
    queues: [{ name: 'jobs', url: 'q', priority: 1, visibilityTimeoutSeconds: 30, timeoutSeconds: 3600 }],
    ...{ bucket: 'b', documentsPrefix: 'd/', resultsPrefix: 'results/', jobs: { table: 'j' } },
    ...{ heartbeats: { table: 't' }, metrics: { namespace: 'Tandem/c' }, group: 'g' },
    hooks: { launching: 'first-heartbeat', terminating: 'drain' },
    ...more,
  });
}
