import { defineComponent, type Finding, type TierInputs } from '../../bring-up/component.ts';
import { SELF } from '../../bring-up/template.ts';
import { componentNotThere } from '../shared/findings.ts';
import { tcpAndUdp } from '../shared/ports.ts';
import { initialZones, KNOT_DATA, keyFile, knotFile, otherTier, zoneDropIn, zonesOf } from './configuration.ts';
import { type KnotSettings, knotSettings } from './settings.ts';

/** Authoritative name servers: a primary that takes updates, and secondaries that have every zone within a second. */
export const knot = defineComponent<KnotSettings>({
  name: 'knot',
  title: 'Knot DNS',
  description: 'An authoritative name server: primary or secondary of a pair, with signed transfers and updates.',
  version: '3.2',
  home: 'https://www.knot-dns.cz/docs/3.2/html/',
  settings: knotSettings,
  install: { packages: ['knot', 'knot-dnsutils'] },
  ports: () => [...tcpAndUdp('dns', 53, 'members'), ...tcpAndUdp('dns', 53, 'clients')],
  peers: (settings, tier) => [tier, otherTier(settings)],
  values: () => ({}),
  files: (inputs) => [keyFile(), ...initialZones(inputs), knotFile(inputs), zoneDropIn()],
  units: () => ['knot.service'],
  // It answers at all. Which zones it has is the primary's matter.
  health: () => `kdig @${SELF.address} +time=3 +retry=0 version.server CH TXT | grep -q 'status: '`,
  data: [{ path: KNOT_DATA, owner: 'knot:knot' }],
  hooks: { backup: `knotc -b zone-flush && cp -a ${KNOT_DATA}/zones "$BACKUP_DIRECTORY/"` },
  secrets: [{ name: 'pair', kind: 'key32' }],
  evidence:
    'Formed as a pair with two resolvers: names resolved while the primary was cut off from power, no acknowledged update lost, updates after its return.',
  check: checkPair,
});

function checkPair(inputs: TierInputs<KnotSettings>): readonly Finding[] {
  const { settings, count, runs } = inputs;
  const other = otherTier(settings);
  const key = settings.primary === undefined ? 'secondaries' : 'primary';
  const findings: Finding[] = [];
  if (runs[other]?.['knot'] === undefined) findings.push(componentNotThere([key, 'tier'], other, 'knot'));
  if (zonesOf(inputs).length === 0)
    findings.push({
      at: ['settings'],
      code: 'zones-missing',
      message: 'got a pair without a zone',
      fix: 'give the primary zones: [corp.example.org]',
    });
  if (settings.primary === undefined && count > 1)
    findings.push({
      at: ['count'],
      code: 'single-member',
      message: `got ${count}; each of them would take updates that the others do not see`,
      fix: 'use 1, and more secondaries',
    });
  return findings;
}
