import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aptConfiguration, debianMirrors, sourceLines } from '../../../lab/openstack/apt.ts';
import { isRecentGo } from '../../../lab/openstack/go.ts';
import { type LabLayout, labLayout } from '../../../lab/openstack/layout.ts';
import { parseSockets } from '../../../lab/openstack/listeners.ts';
import { lockOwner, takeLock } from '../../../lab/openstack/lock.ts';
import { mountsBelow } from '../../../lab/openstack/mounts.ts';
import { parseRelease, requireOwnDirectory } from '../../../lab/openstack/preflight.ts';
import { identify, isAlive, parseStat } from '../../../lab/openstack/process-id.ts';

describe('debianMirrors', () => {
  it('reads both formats of apt', () => {
    const stanza =
      'Types: deb\nURIs: http://mirror.example.org/debian\nSuites: bookworm bookworm-updates\nComponents: main\n';
    const line = 'deb [signed-by=/k.gpg] http://security.example.org/debian-security bookworm-security main contrib\n';
    expect(debianMirrors(`${stanza}\n${line}`)).toEqual({
      main: 'http://mirror.example.org/debian',
      security: 'http://security.example.org/debian-security',
    });
  });

  it("takes Debian's own for what is not named, and skips sources that are switched off", () => {
    const off = 'Enabled: no\nTypes: deb\nURIs: http://off.example.org/debian\nSuites: bookworm\nComponents: main\n';
    expect(debianMirrors(off).main).toBe('http://deb.debian.org/debian');
  });

  it('asks for updates and security fixes too', () => {
    expect(sourceLines({ main: 'http://m', security: 'http://s' }, '/k')).toEqual([
      'deb [signed-by=/k] http://m bookworm main',
      'deb [signed-by=/k] http://m bookworm-updates main',
      'deb [signed-by=/k] http://s bookworm-security main',
    ]);
  });

  it('keeps how the machine reaches its registry, and nothing else', () => {
    const text = aptConfiguration('Acquire::http::Proxy "http://p";\nAPT::Install-Recommends "1";\n');
    expect(text).toContain('Acquire::http::Proxy');
    expect(text).not.toContain('Recommends');
  });
});

describe('a process', () => {
  it('is the same one only with the same start', () => {
    const own = identify(process.pid);
    expect(own).toBeDefined();
    if (own === undefined) return;
    expect(isAlive(own)).toBe(true);
    expect(isAlive({ ...own, startTicks: '1' })).toBe(false);
    expect(isAlive({ ...own, bootId: 'another boot' })).toBe(false);
  });

  it('may have blanks and parentheses in its name', () => {
    expect(parseStat(`42 (a) b (c) S 7 ${'0 '.repeat(17)}99 0`)).toMatchObject({
      state: 'S',
      parent: 7,
      startTicks: '99',
    });
  });
});

it('reads listening sockets of both address families', () => {
  const text = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1',
    '   1: 0100007F:1388 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 112 1',
    '   2: 00000000000000000000000001000000:1111 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 113 1',
  ].join('\n');
  expect(parseSockets(text, '0A')).toEqual([
    { address: '127.0.0.1', port: 5000, inode: '111' },
    { address: '0:0:0:0:0:0:0:1', port: 4369, inode: '113' },
  ]);
});

it('finds mounts below a directory, the deepest first, and none beside it', () => {
  const line = (point: string): string => `36 35 98:0 / ${point} rw master:1 - ext4 /dev/x rw`;
  const text = [
    line('/lab'),
    line('/lab/root/dev'),
    line('/lab/root/dev/shm'),
    line('/lab-2/root'),
    line('/lab/a\\040b'),
  ].join('\n');
  expect(mountsBelow(text, '/lab')).toEqual(['/lab/root/dev/shm', '/lab/root/dev', '/lab/a b']);
});

it.each([
  ['go version go1.26.8 linux/amd64', true],
  ['go version go1.19.8 linux/amd64', false],
  ['go1.24', true],
  ['', false],
])('judges %s', (version, recent) => {
  expect(isRecentGo(version)).toBe(recent);
});

it('reads os-release', () => {
  const release = parseRelease('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n');
  expect([release.get('ID'), release.get('VERSION_ID')]).toEqual(['debian', '12']);
});

describe("a lab's directory", () => {
  let layout: LabLayout;
  beforeEach(async () => {
    layout = labLayout(await mkdtemp(join(tmpdir(), 'tandem-lab-')));
  });
  afterEach(async () => {
    await rm(layout.directory, { recursive: true, force: true });
  });

  it('fails where somebody keeps something else', async () => {
    await writeFile(join(layout.directory, 'thesis.tex'), '');
    await expect(requireOwnDirectory(layout)).rejects.toMatchObject({ code: 'lab-directory-in-use' });
  });

  it('fails for a second one at work, and says who is the first', async () => {
    const giveBack = await takeLock(layout);
    await expect(takeLock(layout)).rejects.toMatchObject({ code: 'lab-busy', details: { pid: process.pid } });
    await giveBack();
    expect(await lockOwner(layout)).toBeUndefined();
  });

  it('takes over the lock of a process that is gone', async () => {
    const giveBack = await takeLock(layout);
    await writeFile(layout.lock, JSON.stringify({ pid: process.pid, startTicks: '1', bootId: 'before' }));
    const again = await takeLock(layout);
    await again();
    await giveBack();
  });
});
