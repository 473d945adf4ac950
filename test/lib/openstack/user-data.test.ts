import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { accessMetadata, accessScript, joinUserData } from '../../../lib/openstack/user-data.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const long = `ssh-rsa ${'A'.repeat(700)} bob`;

describe('access keys', () => {
  it('fit into values of 255 characters', () => {
    const metadata = accessMetadata(['ssh-ed25519 AAAA alice', long]);
    expect(Object.keys(metadata)).toEqual(['ssh-key-00-0', 'ssh-key-01-0', 'ssh-key-01-1', 'ssh-key-01-2']);
    expect(Math.max(...Object.values(metadata).map((value) => value.length))).toBe(255);
  });

  it('are no part of user data, so that a key more replaces no server', () => {
    expect(accessScript('debian')).not.toContain('AAAA');
  });

  it.runIf(hasPython)('come back whole at login, for the user of the image alone', async () => {
    const server = createServer((_, answer) => {
      answer.end(JSON.stringify({ meta: { owner: 'x', ...accessMetadata(['ssh-ed25519 AAAA alice', long]) } }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const program = (/<<'END'\n(#![^]*?)END\n/.exec(accessScript('debian'))?.[1] ?? '').replace(
      'http://169.254.169.254',
      `http://127.0.0.1:${port}`,
    );
    try {
      expect(await run('python3', ['-', 'debian'], program)).toBe(`ssh-ed25519 AAAA alice\n${long}\n`);
      expect(await run('python3', ['-', 'root'], program)).toBe('');
    } finally {
      server.close();
    }
  });

  it('are asked for by a script that a shell can read', () => {
    expect(() => execFileSync('sh', ['-n'], { input: accessScript('debian') })).not.toThrow();
  });
});

describe('user data', () => {
  it('of one part is the part', () => {
    expect(joinUserData(['#!/bin/sh\n'])).toBe('#!/bin/sh\n');
  });

  it('of two parts is one document, the same every time', () => {
    const joined = joinUserData(['#cloud-config\npackages: [jq]', '#!/bin/sh\n']);
    expect(joined).toMatch(/^Content-Type: multipart\/mixed; boundary="(.+)"\n/);
    expect(joined.match(/^--==tandem-part==$/gm)).toHaveLength(2);
    expect(joined.endsWith('--==tandem-part==--\n')).toBe(true);
    expect(joinUserData(['#cloud-config\npackages: [jq]', '#!/bin/sh\n'])).toBe(joined);
  });

  it('keeps a part whole that has the line between parts', () => {
    const joined = joinUserData(['#!/bin/sh\n--==tandem-part==\n', '#!/bin/sh\n']);
    expect(joined.match(/^--===tandem-part===$/gm)).toHaveLength(2);
  });
});

function run(command: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (piece: Buffer) => {
      output += piece.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`exit ${code}`));
    });
    child.stdin.end(input);
  });
}
