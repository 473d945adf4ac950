import { defineComponent, type Finding, type TierInputs } from '../../bring-up/component.ts';
import { SELF } from '../../bring-up/template.ts';
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
  ports: () =>
    (['members', 'clients'] as const).flatMap((from) => [
      { name: 'dns', port: 53, protocol: 'tcp', from } as const,
      { name: 'dns-udp', port: 53, protocol: 'udp', from } as const,
    ]),
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
  const findings: Finding[] = [];
  if (consul !== undefined && runs[consul.tier]?.['consul'] === undefined)
    findings.push({
      at: ['settings', 'consul', 'tier'],
      code: 'component-not-there',
      message: `got ${consul.tier}, which does not run consul`,
      fix: 'name the tier that runs consul',
    });
  // What stands beside the cached answers takes as much again.
  if (cacheMiB * 2 > flavor.memoryMiB / 2)
    findings.push({
      at: ['settings', 'cacheMiB'],
      code: 'memory-above-flavor',
      message: `got ${cacheMiB}; Unbound takes twice as much, and the flavor has ${flavor.memoryMiB} MiB`,
      fix: `use at most ${Math.floor(flavor.memoryMiB / 4)}`,
    });
  return findings;
}
