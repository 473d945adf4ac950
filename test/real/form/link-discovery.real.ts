import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONSUL_TIER, linkConsulSoftware } from '../../../lib/components/consul/link-servers.ts';
import { directoryFiles } from '../../../lib/config/files.ts';
import { type LinkDiscovery, linkDiscovery } from '../../../lib/config/link/discovery.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { memorySecrets } from '../../lib/secrets/memory-secrets.ts';
import { consulFiles } from './support/consul-program.ts';
import { type FormedLease, type FormedServer, formLease, whyNoForming } from './support/formation.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);

/** A dev environment with a service, which asks for the discovery of the link. */
const DEV = `
description: A cache that others find over the link
link: true
tiers:
  cache:
    image: debian-12
    flavor: small
    runs:
      memcached: { clients: [environment], memoryMiB: 64 }
      consul-agent: { servers: link, services: [{ name: cache, port: 11211 }] }
`;

/** The other side: a data centre that joins the first by its addresses. */
const FAR = (wan: readonly string[]) => `
description: Stands for the environment on AWS
tiers:
  consul:
    image: debian-12
    flavor: small
    runs:
      consul: { clients: [environment], datacenter: staging, wan: ${JSON.stringify(wan)}, trust: link-rehearsal }
`;

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    if (await isSo().catch(() => false)) return;
    await sleep(500);
  }
  throw new Error(`never: ${what}`);
}

/** Records of a name, as Consul itself answers on a server's port for names. */
async function ask(server: FormedServer, name: string, at = server.address): Promise<string> {
  const question = `import socket, struct
name = b"".join(bytes([len(each)]) + each.encode() for each in ${JSON.stringify(name)}.split("."))
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
    own.settimeout(2)
    own.sendto(struct.pack("!6H", 7, 256, 1, 0, 0, 0) + name + struct.pack("!BHH", 0, 1, 1), (${JSON.stringify(at)}, 8600))
    answer = own.recv(512)
print(".".join(map(str, answer[-4:])) if answer[6:8] == b"\\x00\\x01" else "none")`;
  return (await server.must(['python3', '-c', question])).trim();
}

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('discovery of a link', () => {
  const leases: FormedLease[] = [];
  const at = (index: number): FormedLease => leases[index] as FormedLease;

  beforeAll(async () => {
    const { project } = loadProject(directoryFiles(process.cwd()));
    const [link, cloud] = [project?.links.get('rehearsal'), project?.clouds.get('lab')];
    const asked = link === undefined ? undefined : linkDiscovery(link);
    if (link === undefined || cloud === undefined || asked === undefined) throw new Error('no discovery of the lab');
    const common = { rootFiles: await consulFiles(), store: memorySecrets() };
    const software = { [CONSUL_TIER]: linkConsulSoftware(link, cloud, asked) };
    leases.push(
      await formLease({ ...common, name: 'link-rehearsal', software, volumes: { [CONSUL_TIER]: { data: 512 } } }),
    );
    const addresses = at(0).servers.map(({ address }) => address);
    const discovery: LinkDiscovery = { ...asked, cloud: { ...asked.cloud, addresses } };
    leases.push(await formLease({ ...common, name: 'alice', yaml: DEV, discovery }));
    leases.push(await formLease({ ...common, name: 'far', yaml: FAR(addresses) }));
    for (const lease of leases) await lease.healthy();
  });
  afterAll(async () => {
    for (const lease of leases) await lease.stop();
  });

  it('has servers that are one data centre of the cloud’s name, with their data on volumes', async () => {
    const [first] = at(0).servers as [FormedServer];
    const raft = await first.must(['consul', 'operator', 'raft', 'list-peers']);
    for (const index of [1, 2, 3]) expect(raft).toContain(`link-rehearsal-consul-${index}`);
    expect(await first.must(['consul', 'info'])).toContain('encrypted = true');
    expect(await first.must(['findmnt', '-n', '-o', 'TARGET', '--target', '/var/lib/consul'])).not.toBe('/\n');
  });

  it('answers names of services in a dev environment, on its own server, at the servers, and from the other side', async () => {
    const [cache] = at(1).ofTier('cache') as [FormedServer];
    const [server] = at(0).servers as [FormedServer];
    const [far] = at(2).servers as [FormedServer];
    await until('the other side knows the cloud', async () =>
      (await far.must(['consul', 'members', '-wan'])).includes('link-rehearsal-consul-3.lab'),
    );
    await until('the other side knows the service', async () => {
      return (await ask(far, 'cache.service.lab.consul')) === cache.address;
    });
    expect(await ask(cache, 'cache.service.consul', '127.0.0.1')).toBe(cache.address);
    expect(await ask(server, 'cache.service.consul')).toBe(cache.address);
  });

  it('loses no answer while a server is lost, and none of its data when it comes back', async () => {
    const [first, second] = at(0).servers as [FormedServer, FormedServer];
    const [cache] = at(1).ofTier('cache') as [FormedServer];
    await second.must(['consul', 'kv', 'put', 'kept', 'yes']);
    await first.kill();
    let failed = 0;
    for (let tries = 0; tries < 20; tries += 1) {
      if ((await ask(second, 'cache.service.consul').catch(() => 'none')) !== cache.address) failed += 1;
      await sleep(250);
    }
    expect(failed).toBe(0);
    await first.boot();
    await at(0).healthy();
    // It serves before it has caught up with what the others agreed on without it.
    await until('it has what was written', async () => {
      return (await first.exec(['consul', 'kv', 'get', '-stale', 'kept'])).stdout === 'yes\n';
    });
  });
});
