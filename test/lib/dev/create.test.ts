import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CreateRequest, createEnvironment } from '../../../lib/dev/create.ts';
import { lockRequest } from '../state/lock-request.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.end());

const request = (more: Partial<CreateRequest> = {}): CreateRequest => ({
  name: 'dora',
  blueprint: 'app',
  owner: 'dora@acme.example.org',
  duration: '7d',
  cloud: undefined,
  users: [],
  sshKeys: [],
  purpose: undefined,
  ...more,
});
const create = (more: Partial<CreateRequest> = {}) => createEnvironment(world.ports, request(more));

describe('leasing an environment', () => {
  it('asks, commits the lease, applies, and says how to get in', async () => {
    const { access, changes } = await create();
    expect(world.told.map((line) => line.split(':')[0])).toEqual([
      'asked',
      'commit Lease dora to dora@acme.example.org',
      'committed config/dev/dora.yaml',
      'applied dora for env create',
    ]);
    expect(world.told[0]).toMatch(
      /3 servers .* it fits\n7 resources to create; .* EUR a month\nbeside this lease, these servers would still fit after the worst single failure: \d+ tiny, \d+ small, \d+ large\nLease dora .* until 2026-11-27\?/,
    );
    expect(access).toEqual({
      projectId: 'p-dora',
      endpoints: { web: 'web.x.example.org:443 (198.18.0.21)' },
      ssh: 'ssh debian@198.18.0.20',
    });
    expect(changes).toBe(7);
    expect(await world.ports.journal.open()).toEqual([]);
  });

  it('gives the owner a private clouds.yaml, and keeps one that works', async () => {
    const { credentials } = await create();
    const path = join(world.ports.root, credentials.file);
    const text = readFileSync(path, 'utf8');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(text).toContain('fake-secret-1');
    expect(world.told.join()).not.toContain('fake-secret');
    expect((await create()).credentials.issued).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('writes nothing where the answer is no', async () => {
    world.answer = false;
    await expect(create()).rejects.toMatchObject({ code: 'declined' });
    expect(world.lease('dora')).toBeUndefined();
    expect(world.cloud.all).toEqual([]);
  });

  it('fails before anything is written where it does not fit', async () => {
    world.cloud.room = {
      ...world.cloud.room,
      hosts: world.cloud.room.hosts.map((host) => ({ ...host, memoryMiB: 1000 })),
    };
    await expect(create()).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringContaining('memory: zone'),
    });
    expect(world.lease('dora')).toBeUndefined();
    expect(world.told).toEqual([]);
  });

  it.each([
    ['invalid-lease', { blueprint: 'nothing' }],
    ['invalid-lease', { owner: 'nobody' }],
    ['invalid-lease', { name: 'Not-a-name' }],
    ['invalid-duration', { duration: 'forever' }],
    ['lease-too-long', { duration: '31d' }],
  ])('fails with %s for %o, and writes nothing', async (code, more) => {
    await expect(create(more)).rejects.toMatchObject({ code });
    expect(world.ports.files.list('config/dev')).toEqual([]);
  });

  it('fails where the credentials lead elsewhere', async () => {
    world.cloud.caller = { ...world.cloud.caller, project: { id: 'x', name: 'other' } };
    await expect(create()).rejects.toMatchObject({ code: 'wrong-cloud' });
  });

  it('fails where a project of that name is somebody else’s', async () => {
    world.cloud.all.push({ id: 'p-1', name: 'dev-dora', tags: ['organisation=other'], description: '', enabled: true });
    await expect(create()).rejects.toMatchObject({ code: 'not-owned' });
    expect(world.lease('dora')).toBeUndefined();
  });

  it('fails for a lease of that name with another owner', async () => {
    await create();
    await expect(create({ owner: 'eve@acme.example.org' })).rejects.toMatchObject({ code: 'lease-exists' });
  });

  it('tells who else is at work on it', async () => {
    const stack = 'openstack/north/dev/dora';
    await world.ports.locks.acquire(lockRequest({ stack, owner: 'bob@lap', host: 'lap', verb: 'env create' }));
    await expect(create()).rejects.toMatchObject({ code: 'state-locked', message: expect.stringContaining('bob@lap') });
  });

  it('fails for a server that ended in an error, naming it', async () => {
    world.before = (effect) => {
      if (effect === 'half applied') {
        const server = {
          id: 's',
          name: 'dora-web-1',
          status: 'ERROR',
          task: '',
          zone: '',
          host: '',
          fault: 'no valid host',
        };
        world.cloud.health = () => Promise.resolve({ servers: [server], balancers: [] });
      }
    };
    await expect(create()).rejects.toMatchObject({
      code: 'environment-unhealthy',
      message: expect.stringContaining('dora-web-1 is in ERROR: no valid host'),
    });
  });
});

describe('leasing, killed and run again', () => {
  it.each(['commit', 'apply', 'half applied', 'health', 'credential'])(
    'finishes after a death before %s, and makes nothing twice',
    async (effect) => {
      const die = (): never => {
        throw new Error('killed');
      };
      world.before = (reached) => {
        if (reached === effect) die();
      };
      const { cloud } = world;
      if (effect === 'health') cloud.health = die;
      if (effect === 'credential') cloud.issueCredential = die;
      await expect(create()).rejects.toThrow('killed');
      expect(await world.ports.journal.open()).toHaveLength(1);

      world.before = () => undefined;
      // Own properties hide the class's methods.
      for (const method of ['health', 'issueCredential']) Reflect.deleteProperty(cloud, method);
      const lease = world.lease('dora');
      // A day later: the same arguments would mean another end.
      world.now = new Date('2026-11-22T10:00:00Z');
      await create();
      // What was committed stays as it was; before that, it begins today.
      expect(world.lease('dora')).toContain(lease ?? 'since: 2026-11-22\nuntil: 2026-11-28\n');
      expect(world.cloud.all.map(({ id }) => id)).toEqual(['p-dora']);
      expect(world.cloud.resources).toHaveLength(2);
      expect(await world.ports.journal.open()).toEqual([]);
    },
  );
});
