import { createSocket } from 'node:dgram';
import { createConnection, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LAB_PORTS } from '../../../lab/openstack/endpoints.ts';
import { consulFiles } from '../form/support/consul-program.ts';
import { type FormedLease, formLease, whyNoForming } from '../form/support/formation.ts';
import { healthyLab } from '../support/lab.ts';
import { type Checkout, openCheckout } from './checkout.ts';

/**
 * One tree of names: Designate has a zone for every lease below the cloud's, Consul the services of one, and a resolver of the blueprint
 * `dns` asks each for its own. A lease's zone is made as its stack makes it, by the real Designate, whose mdns answers; resolver and Consul are formed.
 */
const reason = whyNoForming();
const withId = z.looseObject({ id: z.string(), status: z.string() });
const key = Buffer.alloc(32, 7).toString('base64');
const secrets = { consul: { 'gossip-key': key }, knot: { pair: key } };
/** The zone of the cloud `lab`, under which each lease has its own. */
const CLOUD = 'lab.acme.example.org';
/** A server, and a tier of two. */
const RECORDS = { 'web-1': ['10.201.0.11'], web: ['10.201.0.11', '10.201.0.12'] };
const name = `n${Date.now().toString(36).slice(-5)}`;

/** The lab's services listen on loopback alone: this passes questions on from an address that formed servers reach. */
async function passOn(address: string, port: number): Promise<() => Promise<void>> {
  const tcp: Server = createServer((client) => {
    const service = createConnection(port, '127.0.0.1');
    client.pipe(service).pipe(client);
    for (const each of [client, service]) each.on('error', () => client.destroy());
  });
  await new Promise<void>((done, refuse) => tcp.once('error', refuse).listen(port, address, done));
  const udp = createSocket('udp4');
  udp.on('message', (question, from) => {
    const service = createSocket('udp4');
    service.once('message', (answer) => {
      udp.send(answer, from.port, from.address);
      service.close();
    });
    service.once('error', () => service.close());
    service.send(question, port, '127.0.0.1');
  });
  await new Promise<void>((done) => udp.bind(port, address, done));
  return async () => {
    udp.close();
    await new Promise((done) => tcp.close(done));
  };
}

/** Its servers of the cloud's zone are known when it is formed: whoever asks them stands on this machine. */
const resolverOf = (address: string) => `
description: Resolvers, and Consul
parts:
  discovery: { blueprint: discovery, parameters: { nodes: 1 } }
tiers:
  resolver:
    image: debian-12
    flavor: small
    runs:
      unbound:
        clients: [environment]
        consul: { tier: discovery-consul }
        cloudNameServers: [{ address: ${address}, port: ${LAB_PORTS['designate-mdns']} }]
`;

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('names of leases and services', () => {
  let operator: Checkout;
  let zone = '';
  const formed: FormedLease[] = [];
  let stopPassing: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    operator = await openCheckout(await healthyLab());
    const body = { name: `${name}.${CLOUD}.`, email: 'cloud@acme.example.org', ttl: 300, type: 'PRIMARY' };
    zone = (await operator.client.post('dns', '/zones', body, withId)).id;
    for (const [label, records] of Object.entries(RECORDS)) {
      const record = { name: `${label}.${name}.${CLOUD}.`, type: 'A', ttl: 300, records };
      await operator.client.post('dns', `/zones/${zone}/recordsets`, record, withId);
    }
    const rootFiles = await consulFiles();
    // The first one's place on this machine tells the address that the second one can ask.
    formed.push(
      await formLease({ name: 'first', blueprint: 'discovery', parameters: { nodes: 1 }, rootFiles, secrets }),
    );
    const gateway = formed[0]?.gateway ?? '';
    stopPassing = await passOn(gateway, LAB_PORTS['designate-mdns']);
    formed.push(await formLease({ name: 'second', yaml: resolverOf(gateway), rootFiles, secrets }));
    await formed[1]?.healthy();
  });
  afterAll(async () => {
    for (const lease of formed) await lease.stop();
    await stopPassing?.();
    if (zone !== '') await operator.client.delete('dns', `/zones/${zone}`);
    operator.remove();
  });

  /** What the resolver answers, sorted. */
  async function answer(asked: string, type = 'A'): Promise<string[]> {
    const server = formed[1]?.server('resolver', 1);
    if (server === undefined) throw new Error('no resolver');
    const lines = await server.must(['kdig', `@${server.address}`, '+short', '+time=5', asked, type]);
    return lines.trim().split('\n').sort();
  }

  it('are answered by Designate for servers and tiers of a lease', async () => {
    for (const [label, records] of Object.entries(RECORDS))
      expect(await answer(`${label}.${name}.${CLOUD}`), label).toEqual(records);
  });

  it('are answered by Consul for services', async () => {
    expect(await answer('consul.service.consul')).toEqual([formed[1]?.server('discovery-consul', 1).address]);
  });

  it('are one tree: no lease answers for a name of another', async () => {
    expect(await answer(`web.${name}x.${CLOUD}`)).toEqual(['']);
    expect((await answer(`${name}.${CLOUD}`, 'SOA'))[0]).toMatch(/ cloud\.acme\.example\.org\. /);
  });
});
