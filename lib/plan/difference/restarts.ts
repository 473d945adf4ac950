/** From how many services on, names say less than their number. */
const MANY = 6;

/**
 * `service@host` in words: `restarts keepalived on balancer-a-1, balancer-b-1`; services on the same hosts together. Undefined where
 * nothing restarts. Pure.
 */
export function describeRestarts(restarts: readonly string[]): string | undefined {
  if (restarts.length === 0) return undefined;
  const hosts = new Map<string, string[]>();
  for (const restart of restarts) {
    const [service = '', host = ''] = restart.split('@');
    hosts.set(service, [...(hosts.get(service) ?? []), host]);
  }
  const byHosts = Map.groupBy(hosts, ([, on]) => on.join(', '));
  const parts = [...byHosts].map(([on, services]) => {
    const names = services.map(([service]) => service);
    const shown = names.length > MANY ? `${names.length} services` : names.join(', ');
    const count = on.split(', ').length;
    return `${shown} on ${count > MANY ? `${count} hosts` : on}`;
  });
  return `restarts ${parts.join('; ')}`;
}
