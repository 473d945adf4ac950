import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type IMap } from 'hazelcast-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isWhole } from '../../chaos.ts';
import { type FormedLease, formLease, whyNoForming } from './support/formation.ts';
import { saysWritten, writeWhile } from './writes.ts';

const reason = whyNoForming();
const RUNS = isWhole ? 5 : 1;

const BLUEPRINT = `
description: Three members, as small as they start
tiers:
  grid:
    image: debian-12
    flavor: small
    count: 3
    runs:
      hazelcast: { heapMiB: 256, clients: [environment] }
`;

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('a grid of Hazelcast', () => {
  let lease: FormedLease;
  let client: Client;
  let numbers: IMap<number, number>;

  beforeAll(async () => {
    const started = performance.now();
    lease = await formLease({ name: 'alice', yaml: BLUEPRINT, timeoutMs: 600_000 });
    await lease.healthy();
    process.stderr.write(
      `Hazelcast: three members formed after ${Math.round((performance.now() - started) / 1000)} s\n`,
    );
    client = await Client.newHazelcastClient({
      clusterName: 'alice-grid',
      network: { clusterMembers: lease.servers.map(({ address }) => `${address}:5701`), connectionTimeout: 2000 },
      // The member answers when the copies are made, and says where it is not sure.
      backupAckToClientEnabled: false,
      properties: {
        'hazelcast.client.heartbeat.interval': 1000,
        'hazelcast.client.heartbeat.timeout': 5000,
        'hazelcast.client.invocation.timeout.millis': 30_000,
        'hazelcast.logging.level': 'ERROR',
      },
    });
    numbers = await client.getMap<number, number>('numbers');
  }, 900_000);
  afterAll(async () => {
    await client.shutdown();
    await lease.stop();
  });

  const write = async (number: number) => numbers.set(number, number);
  const state = async (address: string, path: string) => {
    const answer = await fetch(`http://${address}:5701/hazelcast/health/${path}`);
    return (await answer.text()).replaceAll('"', '');
  };

  it('has every server as a member, and answers for its health', async () => {
    for (const { address } of lease.servers) {
      expect(await state(address, 'node-state')).toBe('ACTIVE');
      expect(await state(address, 'cluster-size')).toBe('3');
    }
  });

  it.each(Array.from({ length: RUNS }, (_, run) => run + 1))(
    'takes writes while a member is killed and comes back, and loses none (run %i)',
    async (run) => {
      const victim = lease.server('grid', ((run - 1) % 3) + 1);
      const before = await writeWhile(write, run * 1_000_000, async () => {
        await sleep(5000);
      });
      const away = await writeWhile(write, run * 1_000_000 + 200_000, async () => {
        await victim.kill();
        await sleep(20_000);
      });
      const back = await writeWhile(write, run * 1_000_000 + 400_000, async () => {
        await victim.boot();
        await lease.healthy([victim]);
        await until('its copies are whole', async () => (await state(victim.address, 'cluster-safe')) !== 'false');
      });
      process.stderr.write(saysWritten(`Hazelcast run ${run}, all there`, before));
      process.stderr.write(saysWritten(`Hazelcast run ${run}, ${victim.name} killed`, away));
      process.stderr.write(saysWritten(`Hazelcast run ${run}, ${victim.name} back`, back));
      const kept = new Set(await numbers.keySet());
      const acknowledged = [before, away, back].flatMap((written) => written.acknowledged);
      expect(acknowledged.filter((number) => !kept.has(number))).toEqual([]);
      for (const written of [before, away, back]) expect(written.acknowledged.length).toBeGreaterThan(0);
    },
    1_200_000,
  );

  it('takes no writes where most members are away', async () => {
    const [, second, third] = lease.servers;
    await second?.cut();
    await third?.cut();
    try {
      await until('it refuses', async () => {
        const refused = await numbers.set(-1, -1).then(
          () => undefined,
          (error: unknown) => String(error),
        );
        return refused !== undefined && /Split brain protection/.test(refused);
      });
    } finally {
      await second?.heal();
      await third?.heal();
    }
    await lease.healthy();
  });
});

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await isSo()) return;
    await sleep(1000);
  }
  throw new Error(`never: ${what}`);
}
