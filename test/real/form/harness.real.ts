import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takePlace } from '../../../lab/servers/place.ts';
import { FORM_FOLDER } from '../../../lab/servers/roots.ts';
import { must } from '../../../lab/servers/run.ts';
import { HEALTH_COMMAND } from '../../../lib/dev/use/programs.ts';
import { judgePrograms } from '../../../lib/dev/use/programs-verdict.ts';
import { echoSoftware } from '../../lib/bring-up/echo.ts';
import { type FormedLease, type FormedServer, formLease, whyNoForming } from './support/formation.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);

/** Each start of the program on a server: its process, and what it was told. */
async function starts(server: FormedServer): Promise<readonly string[]> {
  return (await server.must(['cat', '/var/lib/echo/starts'])).trim().split('\n');
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    if (await isSo()) return;
    await sleep(500);
  }
  throw new Error(`never: ${what}`);
}

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('servers of a lease', () => {
  let lease: FormedLease;

  beforeAll(async () => {
    lease = await formLease({ name: 'alice', software: { echo: echoSoftware() }, volumes: { echo: { data: 64 } } });
    await lease.healthy();
  });
  afterAll(async () => {
    await lease.stop();
  });

  it('come up by their user data, each with its own name, address and zone', async () => {
    for (const server of lease.servers) {
      const own = await server.must(['cat', '/etc/echo.conf']);
      expect(own).toBe(
        `greeting=hello\nself=${server.name} ${server.address} ${server.index} ${server.zone}\nothers=-\n`,
      );
      expect((await server.must(['hostname'])).trim()).toBe(server.name);
      expect(await server.must(['stat', '-c', '%a %U:%G', '/etc/echo.token'])).toBe('640 root:echo\n');
      expect(await server.must(['cat', '/etc/echo.token'])).toBe(lease.secrets['echo']?.['token']);
      const said = await server.journal(2000);
      expect(said).not.toContain(lease.secrets['echo']?.['token']);
      expect(said).toContain('starting echo.service');
    }
    expect(lease.servers.map(({ zone }) => zone)).toEqual(['a', 'b', 'c']);
  });

  it('reach each other by name', async () => {
    const first = lease.server('echo', 1);
    const script = `import socket; f = socket.create_connection(("alice-echo-3", 7007)).makefile("rw"); f.write("x\\n"); f.flush(); print(f.readline(), end="")`;
    expect(await first.must(['python3', '-c', script])).toBe(
      `hello, alice-echo-3 ${lease.server('echo', 3).address} 3 c: x\n`,
    );
  });

  it('keep their data on the volume', async () => {
    const server = lease.server('echo', 1);
    expect(await server.must(['findmnt', '--noheadings', '--output', 'FSTYPE', '/var/lib/echo'])).toBe('ext4\n');
    expect(await server.must(['stat', '-c', '%a %U:%G', '/var/lib/echo'])).toBe('750 echo:echo\n');
  });

  it('come back after power was off, with their data', async () => {
    const server = lease.server('echo', 2);
    const before = await starts(server);
    await server.must(['sync']);
    await server.kill();
    await expect(server.exec(['true'])).rejects.toThrow('alice-echo-2 is off');
    await server.boot();
    await lease.healthy([server]);
    expect((await starts(server)).slice(0, before.length)).toEqual(before);
    expect((await starts(server)).length).toBe(before.length + 1);
  });

  it('do not answer while they are cut off', async () => {
    const [one, two] = [lease.server('echo', 1), lease.server('echo', 2)];
    const ask = ['python3', '-c', `import socket; socket.create_connection(("${two.address}", 7007), 2)`];
    expect((await one.exec(ask)).code).toBe(0);
    await two.cut();
    expect((await one.exec(ask)).code).not.toBe(0);
    await two.heal();
    await until('it answers again', async () => (await one.exec(ask)).code === 0);
  });

  it('follow a changed value one after another, drained, never two at once', async () => {
    const counts = new Map(
      await Promise.all(lease.servers.map(async (server) => [server.name, (await starts(server)).length] as const)),
    );
    await lease.tell({ 'echo.greeting': 'good day' });
    await until('all have restarted', async () => {
      const now = await Promise.all(
        lease.servers.map(async (server) => (await starts(server)).length > (counts.get(server.name) ?? 0)),
      );
      return now.every(Boolean);
    });
    await lease.healthy();
    const away: (readonly [number, number])[] = [];
    for (const server of lease.servers) {
      expect((await starts(server)).at(-1)).toContain(' good day two words');
      expect(await server.must(['cat', '/var/lib/echo/drained'])).toBe('drained\n');
      const shown = await server.must([
        ...['systemctl', 'show', '--property=ActiveExitTimestampMonotonic', '--property=ActiveEnterTimestampMonotonic'],
        'echo.service',
      ]);
      const at = (name: string) => Number(new RegExp(`${name}TimestampMonotonic=(\\d+)`).exec(shown)?.[1]);
      away.push([at('ActiveExit'), at('ActiveEnter')]);
    }
    const sorted = away.toSorted(([one], [other]) => one - other);
    for (const [at, [left]] of sorted.slice(1).entries()) expect(left).toBeGreaterThan(sorted[at]?.[1] ?? Infinity);
  });

  it('stop with drain, stay so, and start with resume', async () => {
    const server = lease.server('echo', 3);
    await server.must(['/usr/local/lib/tandem/bring-up', 'drain']);
    expect((await server.exec(['systemctl', 'is-active', 'echo.service'])).stdout).toBe('inactive\n');
    await sleep(6000);
    expect((await server.exec(['/usr/local/lib/tandem/bring-up', 'health'])).stdout).toBe('echo: does not serve\n');
    // As `env update` asks, but for the way there.
    const ask = async () => judgePrograms(await server.exec(HEALTH_COMMAND.slice(1)));
    expect(await ask()).toEqual({ kind: 'ill', said: 'echo: does not serve' });
    await server.must(['/usr/local/lib/tandem/bring-up', 'resume']);
    await lease.healthy([server]);
    expect(await ask()).toEqual({ kind: 'serves' });
  });

  it('back up into a folder', async () => {
    const server = lease.server('echo', 1);
    await server.must(['/usr/local/lib/tandem/bring-up', 'backup', '/root/kept']);
    expect(await server.must(['cat', '/root/kept/echo/starts'])).toContain('two words');
  });
});

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('a blueprint', () => {
  it('forms by its name alone, its components installed from Debian', async () => {
    const lease = await formLease({ name: 'bob', yaml: CACHE, counts: { cache: 2 } });
    try {
      await lease.healthy();
      const { address } = lease.server('cache', 2);
      const ask = `import socket; f = socket.create_connection(("${address}", 11211)).makefile("rw"); f.write("version\\r\\n"); f.flush(); print(f.readline(), end="")`;
      expect(await lease.server('cache', 1).must(['python3', '-c', ask])).toMatch(/^VERSION 1\./);
    } finally {
      await lease.stop();
    }
  });
});

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('two leases of this machine', () => {
  it('reach this machine also when the one that came first has ended', async () => {
    const [first, second] = [await takePlace(), await takePlace()];
    try {
      await first.free();
      expect(await must(['ip', 'route', 'get', second.address(1)])).toContain(' dev tandem-form ');
    } finally {
      await second.free();
    }
  });
});

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('servers whose test was killed', () => {
  it('end with it, and what is left of them is removed by whoever forms next', async () => {
    const child = spawnSync(process.execPath, [join(import.meta.dirname, 'support/killed-child.ts')]);
    const namespace = child.stdout.toString().trim();
    expect(child.signal).toBe('SIGKILL');
    expect(namespace).toMatch(/^pid:\[\d+\]$/);
    await until('their processes are gone', async () => !(await namespaces()).includes(namespace));
    const next = await takePlace();
    try {
      const left = await must(['sh', '-c', `losetup --list --noheadings --output BACK-FILE; ls ${FORM_FOLDER}/run/*`]);
      expect(left).not.toContain('carol');
    } finally {
      await next.free();
    }
  });
});

/** Of all processes of this machine. */
async function namespaces(): Promise<string> {
  return must(['sh', '-c', 'readlink /proc/[0-9]*/ns/pid || true']);
}

const CACHE = `description: Caches
tiers:
  cache:
    image: debian-12
    flavor: small
    runs: { memcached: { clients: [environment] } }
`;
