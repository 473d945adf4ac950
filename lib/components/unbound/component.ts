import { defineComponent, type Finding, type TierInputs } from '../../bring-up/component.ts';
import { SELF } from '../../bring-up/template.ts';
import { componentNotThere, memoryFindings } from '../shared/findings.ts';
import { tcpAndUdp } from '../shared/ports.ts';
import { unboundFile } from './configuration.ts';
import { type UnboundSettings, unboundSettings } from './settings.ts';

/** Resolvers, which know whom to ask: Designate for names of leases, Consul for services, authoritative servers for zones of the lease. */
export const unbound = defineComponent<UnboundSettings>({
  name: 'unbound',
  title: 'Unbound',
  description: 'A caching resolver that asks Designate, Consul and authoritative servers of the lease for their zones.',
  version: '1.17',
  home: 'https://unbound.docs.nlnetlabs.nl/en/latest/',
  settings: unboundSettings,
  install: { packages: ['unbound', 'dns-root-data', 'knot-dnsutils'] },
  ports: () => [...tcpAndUdp('dns', 53, 'members'), ...tcpAndUdp('dns', 53, 'clients')],
  peers: ({ authoritative, consul }, tier) => [
    ...new Set([
      tier,
      ...authoritative.flatMap(({ servers }) => servers.map((server) => server.tier)),
      ...(consul === undefined ? [] : [consul.tier]),
    ]),
  ],
  values: ({ settings: { cacheMiB } }) => ({
    'message-cache': `${Math.ceil(cacheMiB / 3)}m`,
    'record-cache': `${Math.ceil((cacheMiB * 2) / 3)}m`,
  }),
  files: (inputs) => [unboundFile(inputs)],
  units: () => ['unbound.service'],
  // A name that it knows by itself, whatever else is away.
  health: () => `kdig @${SELF.address} +short +time=3 +retry=0 localhost A | grep -q '^127.0.0.1$'`,
  data: [],
  hooks: {},
  evidence:
    'Answered names of a pair of Knot, one of which was off, and of a Consul that lost a server, which it left out.',
  check: checkServers,
});

function checkServers({ settings, runs, flavor }: TierInputs<UnboundSettings>): readonly Finding[] {
  const { consul, cacheMiB } = settings;
  const isThere = consul === undefined || runs[consul.tier]?.['consul'] !== undefined;
  return [
    ...(isThere ? [] : [componentNotThere(['consul', 'tier'], consul.tier, 'consul')]),
    ...memoryFindings(cacheMiB, flavor, {
      setting: 'cacheMiB',
      maximumPercent: 25,
      rest: 'what Unbound keeps beside each answer, as much again, and the system',
    }),
  ];
}
