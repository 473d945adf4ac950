import { describe, expect, it } from 'vitest';
import type { TierSoftware } from '../../../lib/bring-up/tier-software.ts';
import { vagrantfile } from '../../../lib/images/vagrant.ts';
import { ownSecrets } from '../../../lib/images/vagrant-secrets.ts';
import { softwareOfLease } from '../../real/form/support/software.ts';
import { caches } from './caches.ts';

function made(servers: number) {
  const { project, blueprint, cloud } = caches();
  return vagrantfile(project, blueprint, cloud, { servers, memoryMiB: 1024 });
}

describe('a Vagrantfile', () => {
  it('has one machine for each tier that runs something, on a private network', () => {
    const { text, machines, findings } = made(1);
    // The bastion runs nothing, and keeps the address that it has as a peer.
    expect(machines).toEqual([
      { name: 'laptop-cache-1', address: '192.168.56.11' },
      { name: 'laptop-queue-1', address: '192.168.56.12' },
    ]);
    expect(text.match(/config\.vm\.define "[^"]+"/g)).toEqual([
      'config.vm.define "cache-1"',
      'config.vm.define "queue-1"',
    ]);
    expect(text).toContain('server.vm.network "private_network", ip: "192.168.56.11"');
    expect(findings).toEqual([]);
  });

  it('gives machines no more memory than asked, which their components go by', () => {
    expect([...made(1).text.matchAll(/provider\.memory = (\d+)/g)].map(([, memory]) => memory)).toEqual([
      '1024',
      '1024',
    ]);
  });

  it('has whole tiers where more machines are asked for, who know each other', () => {
    const { machines, text } = made(9);
    expect(machines.map(({ name }) => name)).toEqual([
      ...['laptop-cache-1', 'laptop-cache-2', 'laptop-queue-1', 'laptop-queue-2', 'laptop-queue-3'],
    ]);
    expect(text).toContain('laptop-queue-1=192.168.56.13,laptop-queue-2=192.168.56.14,laptop-queue-3=192.168.56.15');
  });

  it('says what components have against it', () => {
    expect(made(2).findings.join('\n')).toMatch(
      /^on a machine of at most \d+ MiB: queue: rabbitmq: .*; a larger --memory gives it more$/m,
    );
  });

  it('says nothing of a tier without servers, and makes no machine for it', () => {
    const { project, blueprint, cloud } = caches([['blueprints/caches.yaml', 'tiers.queue.count', 0]]);
    const { text, findings } = vagrantfile(project, blueprint, cloud, { servers: 3, memoryMiB: 1024 });
    expect(findings).toEqual([]);
    expect(text).not.toContain('TIER_QUEUE');
  });

  it('gives agents the key and the authority of their servers, and a certificate of their own', () => {
    const [software] = [...softwareOfLease({ blueprint: 'jvm-services' }).software.values()].filter(({ runs }) =>
      runs.some(({ component }) => component.name === 'consul-agent'),
    );
    expect(ownSecrets(software as TierSoftware)).toBe(
      '{ "consul-agent/gossip-key" => SECRETS["consul/gossip-key"], **parts("consul-agent/tls", SECRETS["consul/tls"], ["client.alice.consul"]) }',
    );
  });

  it('has the same bytes every time, and no value of a secret', () => {
    const { text } = made(3);
    expect(made(3).text).toBe(text);
    expect(text).toContain('"rabbitmq/cookie" => SecureRandom.alphanumeric(32)');
  });
});
