import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { extendLease, freezeEnvironment } from '../../../lib/dev/change.ts';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { ownerCredentials, userOf } from '../../../lib/dev/credentials.ts';
import { destroyEnvironment } from '../../../lib/dev/destroy.ts';
import { requireEnvironment, requireValid } from '../../../lib/dev/workspace.ts';
import { resource } from '../openstack-api/fake-cloud.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.end());

const create = (name = 'dora') =>
  createEnvironment(world.ports, {
    ...{ name, blueprint: 'app', owner: `${name}@acme.example.org`, duration: '7d' },
    ...{ cloud: undefined, users: [], sshKeys: [], purpose: undefined },
  });
const file = () => join(world.ports.root, '.tandem/credentials/dora/clouds.yaml');
const issuedId = (): string => {
  const { clouds } = parse(readFileSync(file(), 'utf8')) as {
    clouds: Record<string, { auth: { application_credential_id: string } }>;
  };
  return clouds['dora']?.auth.application_credential_id ?? '';
};
const user = () => {
  const project = requireValid('dora', world.ports.files, world.now);
  return userOf(project, requireEnvironment(project, 'dora'));
};

describe('the owner of an environment', () => {
  it('works as a Keystone user of the environment alone, until the lease ends', async () => {
    expect((await create()).credentials).toMatchObject({ issued: true, until: '2026-11-27' });
    expect(world.cloud.users).toMatchObject([{ name: 'dev-dora', domain: 'Default' }]);
    expect(world.cloud.expiries.get(issuedId())).toEqual(new Date('2026-11-28T00:00:00Z'));
    expect((await ownerCredentials(world.ports, 'dora', false)).issued).toBe(false);
  });

  it('is said to be impossible before anything exists, where the operator may make no users', async () => {
    world.cloud.mayMakeUsers = false;
    await expect(create()).rejects.toMatchObject({ code: 'cannot-make-users' });
    expect(world.lease('dora')).toBeUndefined();
    expect(world.cloud.all).toEqual([]);
  });

  it('is nobody who has that name already', async () => {
    world.cloud.users.push({ name: 'dev-dora', domain: 'Default', description: 'a person' });
    await expect(create()).rejects.toMatchObject({ code: 'user-taken' });
    expect(world.lease('dora')).toBeUndefined();
  });

  it('gets a credential that works longer with a longer lease', async () => {
    await create();
    const first = issuedId();
    await extendLease(world.ports, 'dora', '7d');
    expect(issuedId()).not.toBe(first);
    expect(world.cloud.expiries.get(issuedId())).toEqual(new Date('2026-12-05T00:00:00Z'));
    expect(world.told.join('\n')).toContain('work until 2026-12-04');
  });

  it('gets one in place of the operator’s own that an earlier version issued', async () => {
    await create();
    const old = resource('application-credential', 'p-dora', { name: 'tandem-north-dora' });
    world.cloud.resources.push(old);
    writeFileSync(
      file(),
      readFileSync(file(), 'utf8')
        .replace(/^#.*\n/, '')
        .replace(issuedId(), 'operators-own'),
    );
    await freezeEnvironment(world.ports, 'dora');
    expect(issuedId()).not.toBe('operators-own');
    expect(world.cloud.resources).not.toContain(old);
  });

  it('loses all earlier ones when they are rotated', async () => {
    await create();
    const secret = /secret: (.*)/.exec(readFileSync(file(), 'utf8'))?.[1] ?? '';
    const old = { id: issuedId(), secret };
    expect(await world.cloud.testCredential(user(), 'p-dora', old)).toBe(true);
    expect(await ownerCredentials(world.ports, 'dora', true)).toMatchObject({ issued: true });
    expect(await world.cloud.testCredential(user(), 'p-dora', old)).toBe(false);
  });

  it('gets none for a lease that is over', async () => {
    await create();
    world.now = new Date('2026-12-24T00:00:00Z');
    await expect(ownerCredentials(world.ports, 'dora', false)).rejects.toMatchObject({ code: 'lease-expired' });
  });

  it('goes last with the environment, also where its project was never made', async () => {
    await create();
    await destroyEnvironment(world.ports, 'dora');
    expect(world.cloud.users).toEqual([]);
    expect(existsSync(file())).toBe(false);
    world.before = (reached) => {
      if (reached === 'apply') throw new Error('killed');
    };
    await expect(create()).rejects.toThrow('killed');
    expect(world.cloud.users).toHaveLength(1);
    world.before = () => undefined;
    await destroyEnvironment(world.ports, 'dora');
    expect(world.cloud.users).toEqual([]);
  });
});
