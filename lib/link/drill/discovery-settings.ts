import { randomBytes } from 'node:crypto';
import { installScript } from '../../bring-up/install.ts';
import { bringUpMetadata } from '../../bring-up/metadata.ts';
import type { TierSoftware } from '../../bring-up/tier-software.ts';
import { bringUpUserData } from '../../bring-up/user-data.ts';
import { secretsOf } from '../../components/boot-secrets.ts';
import { consul } from '../../components/consul/component.ts';
import { CONSUL, CONSUL_VERSION } from '../../components/consul/install.ts';
import { CONSUL_TIER, linkConsulSoftware } from '../../components/consul/link-servers.ts';
import { consulSettings } from '../../components/consul/settings.ts';
import { type LinkDiscovery, linkDiscovery } from '../../config/link/discovery.ts';
import { serverNameOf } from '../../config/server-name.ts';
import { newAuthority, newCertificate, partsOf } from '../../secrets/certificate.ts';
import type { LinkAndSides } from '../choose.ts';

/**
 * Servers of Consul on both sides, as `lab/link` brings them up; undefined where the link has no discovery. Those of AWS are rendered as those
 * of the cloud are: the same texts, which is what their own stack makes of them too.
 * @param inVpc addresses for the servers on AWS
 */
export async function discoverySettings(chosen: LinkAndSides, inVpc: readonly string[]) {
  const { link } = chosen;
  const found = linkDiscovery(link);
  if (found === undefined) return undefined;
  const { cloud, environment, trust } = found;
  const make = await trustOf(trust);
  const software = linkConsulSoftware(link, chosen.cloud, found);
  return {
    installScript: installScript([consul]),
    program: { version: CONSUL_VERSION, path: CONSUL },
    cloud: await side(software, cloud, cloud.addresses, make),
    environment: await side(onAws(software, found), environment, inVpc.slice(0, found.servers), make),
  };
}

type Make = Awaited<ReturnType<typeof trustOf>>;

async function side(
  software: TierSoftware,
  { datacenter }: { readonly datacenter: string },
  addresses: readonly string[],
  make: Make,
) {
  const { environment } = software.inputs;
  const peers = addresses.map((address, at) => ({ name: serverNameOf(environment, CONSUL_TIER, at + 1), address }));
  return {
    name: datacenter,
    userData: bringUpUserData(software),
    secrets: await make(software),
    servers: peers.map((peer, at) => ({
      ...peer,
      metadata: bringUpMetadata(software, {
        index: at + 1,
        name: peer.name,
        volumes: {},
        servers: { [CONSUL_TIER]: peers },
      }),
    })),
  };
}

/** One gossip key and one authority for both sides, as `deploy` keeps them in the store of secrets; here they are gone with the drill. */
async function trustOf(trust: string) {
  const gossip = randomBytes(32).toString('base64');
  const authority = await newAuthority(`consul of trust ${trust}`, new Date());
  return async (software: TierSoftware) => {
    const values: Record<string, string> = {};
    for (const [name, { kind, names = [] }] of Object.entries(secretsOf(software)[consul.name] ?? {}))
      if (kind === 'certificate') {
        const parts = partsOf(authority, await newCertificate(authority, names, new Date()));
        for (const [part, text] of Object.entries(parts)) values[`${name}.${part}`] = text;
      } else values[name] = gossip;
    return { [consul.name]: values };
  };
}

/** Of the servers on AWS, which join those of the cloud. */
function onAws(software: TierSoftware, { environment: { datacenter }, cloud, trust }: LinkDiscovery): TierSoftware {
  const settings = consulSettings.parse({ datacenter, trust, wan: cloud.addresses });
  const runs = { [CONSUL_TIER]: { [consul.name]: settings } };
  return { inputs: { ...software.inputs, environment: datacenter, runs }, runs: [{ component: consul, settings }] };
}
