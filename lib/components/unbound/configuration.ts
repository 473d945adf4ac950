import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { peers, SELF, value } from '../../bring-up/template.ts';
import { CONSUL_PORTS } from '../consul/ports.ts';
import type { UnboundSettings } from './settings.ts';

/** The zone of the cloud, under which every lease has its own. */
function cloudZone({ zone, environment }: Pick<TierInputs<unknown>, 'zone' | 'environment'>): string {
  return zone.slice(environment.length + 1);
}

interface Stub {
  readonly zone: string;
  /** Lines `stub-addr`. */
  readonly addresses: readonly string[];
}

/** Debian's own file includes it, and brings the anchor of DNSSEC and the control socket. */
export function unboundFile(inputs: TierInputs<UnboundSettings>): ComponentFile {
  const { settings } = inputs;
  const stubs = stubsOf(inputs);
  return {
    path: '/etc/unbound/unbound.conf.d/tandem.conf',
    content: `server:
    interface: ${SELF.address}
    interface: 127.0.0.1
    access-control: 127.0.0.0/8 allow
${settings.allow.map((network) => `    access-control: ${network} allow\n`).join('')}    hide-identity: yes
    hide-version: yes
    msg-cache-size: ${value('message-cache')}
    rrset-cache-size: ${value('record-cache')}
    # A name that was not there a moment ago may be by now.
    cache-max-negative-ttl: 5
    # Servers of which none answered are asked again at once, not after a quarter of an hour.
    infra-host-ttl: 60
    infra-keep-probing: yes
${stubs.map(({ zone }) => `    domain-insecure: ${zone}\n`).join('')}${stubs.map(stubZone).join('')}${forwardZone(settings.forwarders)}`,
    onChange: 'restart',
  };
}

/** Zones that no delegation from the root leads to, and their servers. */
function stubsOf(inputs: TierInputs<UnboundSettings>): readonly Stub[] {
  const { authoritative, consul } = inputs.settings;
  const designate = cloudServers(inputs);
  const item = (port: number) => `    stub-addr: {address}@${port}`;
  return [
    ...authoritative.map(({ zone, servers }) => ({
      zone,
      addresses: servers.map(({ tier }) => peers(tier, { separator: '\n', item: item(53) })),
    })),
    ...(consul === undefined
      ? []
      : [{ zone: 'consul', addresses: [peers(consul.tier, { separator: '\n', item: item(CONSUL_PORTS.dns) })] }]),
    ...(designate.length === 0 ? [] : [{ zone: cloudZone(inputs), addresses: designate }]),
  ];
}

/** As the blueprint says, or the cloud: nobody has to write them twice. */
function cloudServers({ settings, nameServers = [] }: TierInputs<UnboundSettings>): readonly string[] {
  const own = settings.cloudNameServers ?? nameServers.map((address) => ({ address, port: 53 }));
  return own.map(({ address, port }) => `    stub-addr: ${address}@${port}`);
}

function stubZone({ zone, addresses }: Stub): string {
  return `stub-zone:\n    name: ${zone}\n${addresses.join('\n')}\n`;
}

function forwardZone(forwarders: readonly string[]): string {
  if (forwarders.length === 0) return '';
  return `forward-zone:\n    name: .\n${forwarders.map((address) => `    forward-addr: ${address}\n`).join('')}`;
}
