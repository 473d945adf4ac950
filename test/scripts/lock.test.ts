import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isDead, withLock } from '../../scripts/lock.mjs';

/** Above every process id that Linux or macOS gives. */
const nobody = 2 ** 30;
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(folder, 'setup');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('withLock', () => {
  it('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(20);
      inside--;
    };
    await Promise.all([1, 2, 3].map(async () => withLock(path, () => undefined, work)));
    expect(most).toBe(1);
  });

  it('says once that it waits', async () => {
    let told = 0;
    const holding = withLock(
      path,
      () => undefined,
      async () => sleep(450),
    );
    await withLock(
      path,
      () => (told += 1),
      async () => undefined,
    );
    await holding;
    expect(told).toBe(1);
  });

  it('pushes aside a holder that died', async () => {
    writeFileSync(path, `${nobody} ${hostname()}`);
    expect(
      await withLock(
        path,
        () => undefined,
        async () => 'in',
      ),
    ).toBe('in');
  });

  it('is free after a failure', async () => {
    const failing = withLock(
      path,
      () => undefined,
      async () => Promise.reject(new Error('broken')),
    );
    await expect(failing).rejects.toThrow('broken');
    expect(existsSync(path)).toBe(false);
  });
});

describe('isDead', () => {
  it('is false for a living process', () => {
    expect(isDead(`${process.pid} ${hostname()}`)).toBe(false);
  });

  it("is false for another machine's process, which can't be seen from here", () => {
    expect(isDead(`${nobody} elsewhere.invalid`)).toBe(false);
  });

  it('is false for a lock that is still being written', () => {
    expect(isDead('')).toBe(false);
  });
});
