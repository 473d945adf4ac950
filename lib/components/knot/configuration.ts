import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { peers, SELF, secret } from '../../bring-up/template.ts';
import type { KnotSettings } from './settings.ts';

export const KNOT_DATA = '/var/lib/knot';
const OWNER = 'knot:knot';
const KEYS = '/etc/knot/keys.conf';

/** Zones of the pair, which stand on the primary alone. */
export function zonesOf({ settings, runs }: TierInputs<KnotSettings>): readonly string[] {
  if (settings.primary === undefined) return settings.zones;
  const primary: { readonly zones?: readonly string[] } | undefined = runs[settings.primary.tier]?.['knot'];
  return primary?.zones ?? [];
}

export function otherTier({ primary, secondaries }: KnotSettings): string {
  return (primary ?? secondaries)?.tier ?? '';
}

/** Transfers, notices and updates are signed with one key of the lease, and taken from the servers of the pair alone, updates from whoever has it. */
export function knotFile(inputs: TierInputs<KnotSettings>): ComponentFile {
  const { settings } = inputs;
  const tier = otherTier(settings);
  const isPrimary = settings.primary === undefined;
  const zones = zonesOf(inputs).map((zone) => `  - domain: ${zone}\n`);
  return {
    path: '/etc/knot/knot.conf',
    content: `server:
    listen: [ ${SELF.address}@53, 127.0.0.1@53 ]
    # Who it is and what it runs is nobody's business.
    identity: ""
    version: ""
log:
  - target: stdout
    any: info
database:
    storage: ${KNOT_DATA}
include: ${KEYS}
remote:
${peers(tier, { separator: '\n', item: `  - id: ${tier}-{index}\n    address: {address}@53\n    key: pair` })}
acl:
  - id: pair
    address: [ ${peers(tier, { separator: ', ' })} ]
    key: pair
    action: [ transfer, notify ]
  - id: update
    key: pair
    action: update
template:
  - id: default
    storage: ${KNOT_DATA}/zones
    file: "%s.zone"
    semantic-checks: on
${isPrimary ? `    notify: [ ${remotes(tier)} ]\n    acl: [ pair, update ]` : `    master: [ ${remotes(tier)} ]\n    acl: pair`}
zone:
${zones.join('')}`,
    owner: OWNER,
    onChange: 'reload',
  };
}

function remotes(tier: string): string {
  return peers(tier, { separator: ', ', item: `${tier}-{index}` });
}

/** In a file of its own, which nobody else may read. */
export function keyFile(): ComponentFile {
  return {
    path: KEYS,
    content: `key:
  - id: pair
    algorithm: hmac-sha256
    secret: ${secret('pair')}
`,
    mode: '0640',
    owner: OWNER,
    onChange: 'reload',
  };
}

/** What a zone begins with. Its name servers are known by Designate, so that a new server needs no change here. */
export function initialZones(inputs: TierInputs<KnotSettings>): readonly ComponentFile[] {
  const { settings, tier, zone: own } = inputs;
  if (settings.primary !== undefined) return [];
  const nameServers = [tier, otherTier(settings)].map((each) =>
    peers(each, { separator: '\n', item: `@ NS ${each}-{index}.${own}.` }),
  );
  return settings.zones.map((zone) => ({
    path: `/etc/knot/initial/${zone}.zone`,
    content: `$ORIGIN ${zone}.
$TTL ${settings.ttlSeconds}
@ SOA ${tier}-1.${own}. hostmaster.${zone}. 1 3600 60 ${settings.expireDays * 86_400} 60
${nameServers.join('\n')}
`,
    onChange: 'none',
  }));
}

/** A zone that is there already is data, and left alone. */
export function zoneDropIn(): ComponentFile {
  return {
    path: '/etc/systemd/system/knot.service.d/tandem.conf',
    content: `[Service]
ExecStartPre=/bin/sh -c 'mkdir -p ${KNOT_DATA}/zones; for zone in /etc/knot/initial/*.zone; do if [ -e "$zone" ]; then cp --no-clobber "$zone" ${KNOT_DATA}/zones/; fi; done'
Restart=always
RestartSec=1
`,
  };
}
