import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEnvironment } from '../../../../lib/dev/create.ts';
import { destroyEnvironment } from '../../../../lib/dev/destroy.ts';
import { consoleLog, lastLines, newIn } from '../../../../lib/dev/use/console.ts';
import { hostKeysIn, isKnown, withHostKeys } from '../../../../lib/dev/use/host-keys.ts';
import { prepareLogin } from '../../../../lib/dev/use/login.ts';
import { remoteCommand } from '../../../../lib/dev/use/run-ssh.ts';
import { makeWorld, type World } from '../world.ts';

const ED = `ssh-ed25519 ${'A'.repeat(68)}`;
const EC = `ecdsa-sha2-nistp256 ${'B'.repeat(140)}=`;
const console = (...keys: string[]) =>
  [
    '[    4.2] systemd[1]: Started OpenSSH.',
    '-----BEGIN SSH HOST KEY FINGERPRINTS-----',
    '256 SHA256:abc root@alice-web-1 (ED25519)',
    '-----END SSH HOST KEY FINGERPRINTS-----',
    '-----BEGIN SSH HOST KEY KEYS-----',
    ...keys.map((key) => `${key} root@alice-web-1`),
    '-----END SSH HOST KEY KEYS-----',
    'login:',
  ].join('\r\n');

describe('host keys on a console', () => {
  it('are those of the last time that they were printed, whole', () => {
    expect(hostKeysIn(console(ED, EC))).toEqual([ED, EC]);
    expect(hostKeysIn(`${console(EC)}\n${console(ED)}`)).toEqual([ED]);
    expect(hostKeysIn(console(ED).split('-----END SSH HOST KEY KEYS')[0] ?? '')).toEqual([]);
    expect(hostKeysIn('FAKE CONSOLE OUTPUT\nANOTHER\nLAST LINE')).toEqual([]);
  });

  it('are no more than keys, whatever a server prints between the lines', () => {
    expect(hostKeysIn(console('* ssh-ed25519 short', 'ssh-dss AAAA', `@cert-authority * ${ED}`))).toEqual([ED]);
    expect(withHostKeys('', 'alice.1', [ED])).toBe(`alice.1 ${ED}\n`);
  });

  it('replace earlier ones of the same server alone', () => {
    const text = withHostKeys(withHostKeys('', 'a', [ED, EC]), 'b', [ED]);
    expect(withHostKeys(text, 'a', [EC])).toBe(`b ${ED}\na ${EC}\n`);
    expect([isKnown(text, 'a'), isKnown(text, 'c')]).toEqual([true, false]);
  });
});

describe('what is told of a console', () => {
  it('is the last lines, and then what is new, also where the log was cut', () => {
    expect(lastLines('a\nb\nc\n', 2)).toBe('b\nc\n');
    expect(lastLines('a\nb\nc', 2)).toBe('b\nc');
    expect(newIn('a\nb\n', 'a\nb\nc\n')).toBe('c\n');
    expect(newIn('a\nb\n', 'b\nc\n')).toBe('b\nc\n');
    const long = 'x'.repeat(300);
    expect(newIn(`a\n${long}\n${'y'.repeat(300)}\n`, `${long}\n${'y'.repeat(300)}\nnew\n`)).toBe('new\n');
  });
});

describe('words of a command', () => {
  it('reach the far shell as they are, a single one as a line', () => {
    expect(remoteCommand(['echo', 'a b', "it's", '$HOME'])).toBe(`echo 'a b' 'it'\\''s' '$HOME'`);
    expect(remoteCommand(['echo $HOME | wc'])).toBe('echo $HOME | wc');
  });
});

describe('a login', () => {
  let world: World;
  beforeEach(async () => {
    world = makeWorld();
    const outputs = {
      ssh: { sensitive: false, value: { user: 'debian', host: 'web', address: '198.51.100.7' } },
      servers: {
        sensitive: false,
        value: {
          'dora-store-1': { id: 'id-store-1', tier: 'store', host: 's', address: '10.0.0.9' },
          'dora-web-2': {
            id: 'id-web-2',
            tier: 'web',
            host: 'w',
            address: '10.0.0.6',
            floating_address: '198.51.100.8',
          },
          'dora-web-1': {
            id: 'id-web-1',
            tier: 'web',
            host: 'w',
            address: '10.0.0.5',
            floating_address: '198.51.100.7',
          },
        },
      },
    };
    world.ports.deployer.outputs = () => Promise.resolve(outputs);
    await createEnvironment(world.ports, {
      ...{ name: 'dora', blueprint: 'app', owner: 'dora@acme.example.org', duration: '7d' },
      ...{ cloud: undefined, users: [], sshKeys: [ED], purpose: undefined },
    });
  });
  afterEach(() => world.end());

  /** What the system's ssh makes of the file, for one server. */
  const asked = (file: string, server: string): Record<string, string> => {
    const said = execFileSync('ssh', ['-G', '-F', file, server], { encoding: 'utf8' });
    return Object.fromEntries(
      said.split('\n').map((line): [string, string] => {
        const [name = ''] = line.split(' ', 1);
        return [name, line.slice(name.length + 1)];
      }),
    );
  };

  it('goes through the tier that SSH comes in by, by keys of the console, as ssh itself reads it', async () => {
    world.cloud.consoles.set('id-web-1', console(ED)).set('id-store-1', console(EC));
    const login = await prepareLogin(world.ports, 'dora', 'store');
    const [program, , file = '', alias = ''] = login.command;
    expect([program, alias, login.unknown]).toEqual(['ssh', 'dora-store-1', []]);
    const knownHosts = join(world.ports.root, '.tandem/ssh/dora/known_hosts');
    expect(asked(file, alias)).toMatchObject({
      hostname: '10.0.0.9',
      proxyjump: 'dora-web-1',
      hostkeyalias: 'dora-store-1.id-store-1',
      userknownhostsfile: knownHosts,
      stricthostkeychecking: 'true',
      forwardagent: 'no',
    });
    expect(asked(file, 'dora-web-1')).toMatchObject({ hostname: '198.51.100.7', stricthostkeychecking: 'true' });
    expect(asked(file, 'dora-web-1')['proxyjump']).toBeUndefined();
    expect(asked(file, 'dora-web-2')).toMatchObject({ hostname: '10.0.0.6', stricthostkeychecking: 'accept-new' });
    expect(readFileSync(knownHosts, 'utf8')).toBe(`dora-web-1.id-web-1 ${ED}\ndora-store-1.id-store-1 ${EC}\n`);
  });

  it('is to the first server of that tier where none is named, and says whose key nobody told', async () => {
    const login = await prepareLogin(world.ports, 'dora');
    expect([login.server.name, login.unknown]).toEqual(['dora-web-1', ['dora-web-1']]);
  });

  it('keeps a key that was seen, and none of a server that was replaced', async () => {
    const folder = join(world.ports.root, '.tandem/ssh/dora');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'known_hosts'), `dora-web-1.id-web-1 ${ED}\ndora-web-1.id-before ${EC}\n`);
    expect((await prepareLogin(world.ports, 'dora', 'web-1')).unknown).toEqual([]);
    expect((await prepareLogin(world.ports, 'dora', 'web-2')).unknown).toEqual(['dora-web-2']);
  });

  it('leaves nothing behind when the environment is destroyed', async () => {
    await prepareLogin(world.ports, 'dora');
    await destroyEnvironment(world.ports, 'dora');
    expect(existsSync(join(world.ports.root, '.tandem/ssh/dora'))).toBe(false);
  });

  it('fails for a server that is not there, and without a key in the lease', async () => {
    await expect(prepareLogin(world.ports, 'dora', 'web-7')).rejects.toMatchObject({
      code: 'no-such-server',
      next: 'name one of: web-1, web-2, store-1',
    });
    const file = join(world.ports.root, 'config/dev/dora.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/sshKeys:\n(?: +- .*\n)+/, ''));
    await expect(prepareLogin(world.ports, 'dora')).rejects.toMatchObject({ code: 'no-ssh-key' });
  });

  it('is not needed for a console, which fails where the server is on no host', async () => {
    world.cloud.consoles.set('id-web-2', 'one\ntwo\n');
    expect(await consoleLog(world.ports, 'dora', 'web-2', { lines: 1 })).toEqual({
      server: 'dora-web-2',
      text: 'two\n',
    });
    await expect(consoleLog(world.ports, 'dora', 'web-1')).rejects.toMatchObject({ code: 'no-console' });
  });

  it('follows a console until nobody reads any more', async () => {
    world.cloud.consoles.set('id-web-2', 'one\n');
    const told: string[] = [];
    const onText = (text: string) => {
      told.push(text);
      world.cloud.consoles.set('id-web-2', `${world.cloud.consoles.get('id-web-2') ?? ''}more ${told.length}\n`);
      return Promise.resolve(told.length < 3);
    };
    await consoleLog(world.ports, 'dora', 'web-2', { onText });
    expect(told).toEqual(['one\n', 'more 1\n', 'more 2\n']);
  });
});
