import type { ComponentPort, Finding } from '../../bring-up/component.ts';
import type { Services } from './proxied-services.ts';

/** A port for clients for each service. */
export function portsOf(services: Services): readonly ComponentPort[] {
  return Object.entries(services).map(([name, { port }]) => ({ name, port, protocol: 'tcp', from: 'clients' }));
}

/** No service at all, and a port that two services ask for. */
export function twicePorts(services: Services): readonly Finding[] {
  const entries = Object.entries(services);
  if (entries.length === 0) {
    return [
      {
        at: ['settings', 'services'],
        code: 'proxy-idle',
        message: 'got no service; a proxy without one answers nobody',
        fix: 'name a service, with the tier that answers',
      },
    ];
  }
  return entries.flatMap(([name, { port }], index): readonly Finding[] => {
    const first = entries.slice(0, index).find(([, other]) => other.port === port);
    if (first === undefined) return [];
    return [
      {
        at: ['settings', 'services', name, 'port'],
        code: 'proxy-port-twice',
        message: `got ${port}; the service ${first[0]} has it`,
        fix: 'use a port of its own, or a route of the other service',
      },
    ];
  });
}
