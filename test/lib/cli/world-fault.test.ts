import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { explain, takeFailure } from '../../../lib/cli/failure.ts';

const folder = mkdtempSync(join(tmpdir(), 'faults-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Faults that the world really makes here. */
const REAL: Readonly<Record<string, () => unknown>> = {
  'not-reachable': async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await fetch(`http://127.0.0.1:${port}`);
  },
  'name-not-found': () => fetch('http://no-such-host.invalid'),
  'program-missing': () => once(spawn('no-such-program'), 'close'),
  'program-not-executable': () => {
    writeFileSync(join(folder, 'tool'), 'x', { mode: 0o600 });
    return once(spawn(join(folder, 'tool')), 'close');
  },
  'file-in-the-way': () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'file/below'), { recursive: true });
  },
  'timed-out': async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    try {
      await fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(50) });
    } finally {
      server.close();
    }
  },
};

describe('a fault of the world', () => {
  it.each(Object.entries(REAL))('is told as %s, and is no bug of Tandem', async (code, fail) => {
    const error = await Promise.resolve()
      .then(fail)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(error).toBeInstanceOf(Error);
    const said = explain(error);
    takeFailure();
    expect(said).toMatch(new RegExp(`^error ${code}: .+\nnext: .+`));
    expect(said).not.toMatch(/bug of Tandem|\n +at /);
  });

  it('names what it is about: a loop of links, a missing file', () => {
    symlinkSync('loop', join(folder, 'loop'));
    for (const [file, why] of [
      ['loop', 'it is a loop of symbolic links'],
      ['gone', 'it does not exist'],
    ] as const)
      expect(said(() => readFileSync(join(folder, file)))).toContain(`${join(folder, file)} cannot be used: ${why}`);
  });

  it.each([
    ['CERT_HAS_EXPIRED', 'certificate-refused'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate-refused'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate-refused'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-refused'],
    ['ENOMEM', 'out-of-memory'],
    ['ENOSPC', 'disk-full'],
    ['EHOSTUNREACH', 'not-reachable'],
    ['UND_ERR_SOCKET', 'not-reachable'],
  ])('is found where it hides: %s is %s', (code, expected) => {
    const hidden = new TypeError('fetch failed', { cause: Object.assign(new Error('below'), { code }) });
    expect(said(() => raise(hidden))).toMatch(new RegExp(`^error ${expected}: `));
    expect(said(() => raise(new AggregateError([hidden])))).toMatch(new RegExp(`^error ${expected}: `));
  });

  it('fails as a bug where nothing of the world is to blame, and keeps its trace', () => {
    for (const error of [
      new TypeError('x is not a function'),
      Object.assign(new Error('odd'), { code: 'ERR_ASSERTION' }),
    ])
      expect(said(() => raise(error))).toMatch(/^error internal: this is a bug of Tandem\n[^]*\n +at /);
  });
});

function raise(error: Error): never {
  throw error;
}

function said(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return explain(error);
  } finally {
    takeFailure();
  }
  throw new Error('nothing was thrown');
}
