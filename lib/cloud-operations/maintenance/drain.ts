import type { HostCommand } from '../../private-cloud/members/ports.ts';
import { inBroker } from '../../private-cloud/members/questions.ts';
import { shortName } from '../../private-cloud/status/short-name.ts';
import { emptyHost } from '../members/empty-host.ts';
import { type MaintenancePlace, runAll } from './place.ts';
import type { MaintenancePorts } from './ports.ts';

/** Nova tells it to whoever asks why no server is placed there; a host that somebody else disabled stays disabled. */
export const REASON = 'tandem cloud maintain';
/** In memory: gone after the next boot, so that a resume sees whether there was one. */
export const MARK = '/run/tandem-maintenance';

const SWITCH = 'openvswitch_vswitchd';
/** The one row of its table. */
const SWITCH_ROW = ['Open_vSwitch', '.'];
const OPTIONS = 'external_ids:ovn-cms-options';
const KEPT = 'external_ids:tandem-cms-options';

/**
 * Takes what runs on hosts elsewhere: servers by live migration, gateways' routers, the VIPs, queues' leaders and clients. May be done
 * again.
 * @throws StepFault
 */
export async function drain(hosts: readonly string[], ports: MaintenancePorts, place: MaintenancePlace): Promise<void> {
  const { expected, gateways, signal } = place;
  const services = (await ports.api.computeServices(signal)).filter(({ host }) => hosts.includes(shortName(host)));
  for (const { host, isEnabled } of services) if (isEnabled) await ports.api.disable(host, REASON, signal);
  await Promise.all(services.map(({ host }) => emptyHost(host, ports, { signal, onWait: ports.onWait })));
  const on = (those: readonly string[]): string[] => hosts.filter((host) => those.includes(host));
  await leaveGateways(on(gateways), ports, signal);
  await runAll(
    ports,
    [
      ...on(expected.places.balancers).map((host) => keepalived(host, 'stop')),
      ...on(expected.places.brokers).map((host) => inBroker(host, ['rabbitmq-upgrade', 'drain'], 300)),
      ...hosts.map((host): HostCommand => ({ host, argv: ['touch', MARK] })),
    ],
    signal,
  );
}

/** A balancer that says that it goes is followed within a second. */
export function keepalived(host: string, verb: 'start' | 'stop'): HostCommand {
  return { host, argv: ['systemctl', verb, 'kolla-keepalived-container.service'], timeoutSeconds: 120 };
}

/** Neutron takes routers from a chassis that no longer offers itself. What it offered is kept beside it, for its return. */
function leaveGateways(hosts: readonly string[], ports: MaintenancePorts, signal: AbortSignal): Promise<void> {
  return moveOptions(hosts, OPTIONS, KEPT, ports, signal);
}

export function returnGateways(hosts: readonly string[], ports: MaintenancePorts, signal: AbortSignal): Promise<void> {
  return moveOptions(hosts, KEPT, OPTIONS, ports, signal);
}

async function moveOptions(
  hosts: readonly string[],
  from: string,
  to: string,
  ports: MaintenancePorts,
  signal: AbortSignal,
): Promise<void> {
  const found = await optionsOf(hosts, from, ports, signal);
  const moves = [...found].map(([host, value]) =>
    ovs(host, ['set', ...SWITCH_ROW, `${to}=${value}`, '--', 'remove', ...SWITCH_ROW, ...from.split(':')]),
  );
  await runAll(ports, moves, signal);
}

/** By host, as ovs-vsctl takes it again; those without it are left out. */
async function optionsOf(
  hosts: readonly string[],
  key: string,
  ports: MaintenancePorts,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const asked = hosts.map((host) => ovs(host, ['--if-exists', 'get', ...SWITCH_ROW, key]));
  const said = await runAll(ports, asked, signal);
  return new Map(
    [...said].map(([host, [value = '']]) => [host, value.trim()] as const).filter(([, value]) => value !== ''),
  );
}

function ovs(host: string, argv: readonly string[]): HostCommand {
  return { host, container: SWITCH, argv: ['ovs-vsctl', '--no-wait', ...argv], timeoutSeconds: 30 };
}
