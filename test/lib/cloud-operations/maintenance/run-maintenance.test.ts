import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Work } from '../../../../lib/cloud-operations/maintenance/ports.ts';
import {
  giveBackAll,
  type MaintenanceRun,
  openMaintenance,
  runMaintenance,
} from '../../../../lib/cloud-operations/maintenance/run-maintenance.ts';
import type { OperationPorts } from '../../../../lib/deploy/ports.ts';
import { type MaintenancePlan, planMaintenance } from '../../../../lib/private-cloud/maintenance/plan.ts';
import { livePlacement } from '../../../../lib/private-cloud/status/spare.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { localJournal } from '../../../../lib/state/local-journal.ts';
import { localLocks } from '../../../../lib/state/local-locks.ts';
import { sample } from '../../../chaos.ts';
import { paris } from '../../private-cloud/failure/clouds.ts';
import { naivelyDown } from '../../private-cloud/failure/oracle.ts';
import { expected } from '../../private-cloud/status/cloud.ts';
import { FakeMaintainedCloud } from './fake-cloud.ts';

const topology = topologyOf('paris', paris);
const gateways = topology.hosts.filter(({ roles }) => roles.includes('network')).map(({ name }) => name);
const signal = new AbortController().signal;
const place = { cloud: paris, topology, expected, gateways, signal };
/** Those that Tandem restarts: Kolla's, without the one that it runs on. */
const reached = expected.hosts.filter((host) => host !== 'monitoring-a-1');

let root = '';
let operations: OperationPorts;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-maintain-'));
  operations = {
    ...{
      journal: localJournal(root),
      locks: localLocks(root),
      commit: '',
      now: () => new Date('2026-01-01T00:00:00Z'),
    },
    actor: { by: 'me@here', host: 'here' },
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Two servers on each compute host. */
function cloud(): FakeMaintainedCloud {
  const servers = expected.compute.flatMap((host) =>
    [1, 2].map((at) => ({
      ...{
        id: `${host}/${at}`,
        name: `s-${host}-${at}`,
        host,
        zone: `rack-${host.split('-')[1] ?? ''}`,
        group: undefined,
      },
      ...{ vcpus: 1, memoryMiB: 1024, diskGiB: 1 },
    })),
  );
  return new FakeMaintainedCloud(expected, gateways, { hosts: [], servers });
}

function planFor(world: FakeMaintainedCloud, hosts: readonly string[]): MaintenancePlan {
  const plan = planMaintenance({ cloud: paris, topology, placement: livePlacement(world.live()), hosts });
  if ('refused' in plan) throw new Error('refused');
  return plan;
}

async function maintain(world: FakeMaintainedCloud, hosts: readonly string[], what: Work = { kind: 'reboot' }) {
  const open = await openMaintenance(operations, 'paris');
  const groups = open?.groups ?? planFor(world, hosts).groups.map((group) => group.hosts);
  const run: MaintenanceRun = { groups, what, degraded: false, resume: 'tandem cloud maintain --all --run --reboot' };
  await runMaintenance(operations, world.ports, place, run, { signal, emit: () => undefined });
}

function expectWhole(world: FakeMaintainedCloud): void {
  for (const [name, host] of world.hosts) {
    expect(host, name).toMatchObject({ isOff: false, hasMark: false, kept: '', isDrained: false });
    expect(host.offered !== '', name).toBe(gateways.includes(name));
    expect(host.hasKeepalived, name).toBe(expected.places.balancers.includes(name));
  }
  for (const [host, service] of world.services) expect(service, host).toMatchObject({ isEnabled: true });
  expect(world.servers).toHaveLength(expected.compute.length * 2);
}

describe('maintenance', () => {
  it('restarts every host once; nothing but Prometheus ever stops, and no server is on a host that does', async () => {
    const world = cloud();
    let down: string[] = [];
    let hurt: string[] = [];
    const off = new Set<string>();
    world.onEffect = (what) => {
      const host = /^reboot (.+)$/.exec(what)?.[1];
      if (host === undefined) {
        off.clear();
        return;
      }
      off.add(host);
      down.push(
        ...naivelyDown(
          paris,
          topology,
          [...off].map((name) => ({ kind: 'host', name })),
        ),
      );
      hurt.push(...world.servers.filter((server) => server.host === host).map(({ id }) => id));
    };
    await maintain(world, reached);
    expect(down).toEqual([]);
    expect(hurt).toEqual([]);
    for (const host of reached) expect(world.hosts.get(host)?.boots, host).toBe(1);
    expectWhole(world);
    expect(await operations.journal.open()).toEqual([]);
    down = hurt = [];
  });

  it('goes on after a kill at any effect: each host restarts once, and everything is given back', async () => {
    const hosts = ['queue-a-1', 'balancer-a-1', 'network-a-1', 'compute-a-1'];
    const counted = cloud();
    let effects = 0;
    counted.onEffect = () => void (effects += 1);
    await maintain(counted, hosts);
    expect(effects).toBeGreaterThan(15);
    for (const kill of sample(
      Array.from({ length: effects }, (_, at) => at),
      12,
    )) {
      const world = cloud();
      let left = kill;
      world.onEffect = () => {
        if (left === 0) {
          left = -1;
          throw new Error('killed');
        }
        left -= 1;
      };
      await expect(maintain(world, hosts)).rejects.toThrow('killed');
      await maintain(world, hosts);
      for (const host of hosts) expect(world.hosts.get(host)?.boots, `${host} after a kill at ${kill}`).toBe(1);
      expectWhole(world);
      expect(await operations.journal.open()).toEqual([]);
    }
  });

  it('leaves a host disabled that an operator had disabled', async () => {
    const world = cloud();
    world.services.set('compute-a-1', { isEnabled: false, reason: 'disk is dying' });
    await maintain(world, ['compute-a-1']);
    expect(world.services.get('compute-a-1')).toEqual({ isEnabled: false, reason: 'disk is dying' });
    expect(world.servers.filter(({ host }) => host === 'compute-a-1')).toEqual([]);
  });

  it('asks the operator, and runs a command, where that is the work', async () => {
    const world = cloud();
    const asked: string[] = [];
    world.operator = (text) => {
      asked.push(text);
      if (world.hosts.get('compute-a-1')?.isOff === true) world.powerOn('compute-a-1');
      return true;
    };
    await maintain(world, ['compute-a-1'], { kind: 'pause' });
    await maintain(world, ['compute-a-1'], { kind: 'off' });
    expect(asked.map((text) => text.split(':')[1]?.trim().slice(0, 12))).toEqual(['nothing depe', 'switched off']);
    expect(world.hosts.get('compute-a-1')?.boots).toBe(1);
    const ran: string[] = [];
    world.onEffect = (what) => void ran.push(what);
    await maintain(world, ['compute-a-1', 'compute-a-2'], { kind: 'command', text: 'apt-get upgrade' });
    expect(ran.filter((what) => what.startsWith('sh -c apt-get upgrade'))).toHaveLength(2);
    expectWhole(world);
  });

  it('notes what it runs in the journal, but for what holds a secret', async () => {
    for (const [text, noted] of [
      ['apt-get upgrade', 'apt-get upgrade'],
      ['mysql -phunter2-Xk9 x', 'not shown: it holds a password in a command'],
    ] as const) {
      const world = cloud();
      world.onEffect = (what) => {
        if (what.startsWith('sh -c')) throw new Error('killed');
      };
      await expect(maintain(world, ['compute-a-1'], { kind: 'command', text })).rejects.toThrow('killed');
      expect((await operations.journal.open()).map((open) => open.arguments['command'])).toEqual([noted]);
      world.onEffect = () => undefined;
      await maintain(world, ['compute-a-1'], { kind: 'command', text });
    }
  });

  it('fails where nobody can be asked, and gives back what it took', async () => {
    const world = cloud();
    world.operator = () => false;
    await expect(maintain(world, ['compute-a-1'], { kind: 'pause' })).rejects.toMatchObject({
      code: 'maintenance-needs-operator',
    });
    expect(world.services.get('compute-a-1')?.isEnabled).toBe(false);
    const open = await openMaintenance(operations, 'paris');
    const run = { groups: open?.groups ?? [], resume: 'x' };
    await giveBackAll(operations, world.ports, place, run, { signal, emit: () => undefined });
    expect(world.hosts.get('compute-a-1')?.boots).toBe(0);
    expectWhole(world);
    expect(await operations.journal.open()).toEqual([]);
  });

  it('fails for a cloud that misses something, before anything is done', async () => {
    const world = cloud();
    Object.assign(world.hosts.get('database-b-1') ?? {}, { isOff: true });
    await expect(maintain(world, ['compute-a-1'])).rejects.toMatchObject({
      ...{ code: 'maintenance-not-whole', message: expect.stringContaining('database-b-1 does not answer') as string },
    });
    expect(world.services.get('compute-a-1')?.isEnabled).toBe(true);
    expect(await operations.journal.open()).toEqual([]);
  });

  it('fails where servers stand otherwise than the plan had it', async () => {
    const world = cloud();
    const plan = planFor(world, ['compute-a-1', 'compute-a-2']);
    for (const host of expected.compute.filter((each) => each.startsWith('compute-a-') && each > 'compute-a-2'))
      world.services.set(host, { isEnabled: false, reason: 'broken' });
    const groups = plan.groups.map(({ hosts }) => hosts);
    const run = { groups, what: { kind: 'reboot' }, degraded: false, resume: 'x' } as const;
    await expect(
      runMaintenance(operations, world.ports, place, run, { signal, emit: () => undefined }),
    ).rejects.toMatchObject({ code: 'maintenance-refused' });
    expectWholeBut(world, 'compute-a-');
  });

  it('fails beside another unfinished operation, and says how to end that', async () => {
    await operations.journal.begin({ verb: 'deploy', stacks: ['kolla/paris'], by: 'x', commit: '', arguments: {} });
    await expect(maintain(cloud(), ['compute-a-1'])).rejects.toMatchObject({
      code: 'maintenance-unfinished',
      next: 'finish it first: `tandem deploy --resume`',
    });
  });

  it('fails with the server that does not leave, says how to go on, and goes on', async () => {
    const world = cloud();
    const { ports } = world;
    const api = { ...ports.api, liveMigrate: () => Promise.resolve() };
    const groups = [['compute-a-1']];
    const run = {
      groups,
      what: { kind: 'reboot' },
      degraded: false,
      resume: 'tandem cloud maintain compute-a-1 --run',
    } as const;
    const options = { signal, emit: () => undefined };
    await expect(runMaintenance(operations, { ...ports, api }, place, run, options)).rejects.toMatchObject({
      code: 'maintenance-step-failed',
      message: expect.stringContaining(
        's-compute-a-1-1 (compute-a-1/1) does not leave compute-a-1: ACTIVE after 3 attempts',
      ) as string,
      next: expect.stringContaining('run `tandem cloud maintain compute-a-1 --run` again') as string,
    });
    await maintain(world, []);
    expectWhole(world);
  });
});

function expectWholeBut(world: FakeMaintainedCloud, prefix: string): void {
  for (const [host, { isEnabled }] of world.services) if (!host.startsWith(prefix)) expect(isEnabled, host).toBe(true);
  for (const host of world.hosts.values()) expect(host.boots).toBe(0);
}
