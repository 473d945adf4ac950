import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { commandLeaseRepository } from '../../../lib/dev/lease-commit.ts';
import type { LeaseRepository } from '../../../lib/dev/lease-repository.ts';
import { memoryGit } from '../git/memory-git.ts';
import { ALICE, makeCheckouts } from './lease-checkouts.ts';
import { memoryLeases } from './memory-leases.ts';

let remove = (): void => undefined;
afterEach(() => remove());

const makers: Record<string, () => { root: string; repository: LeaseRepository }> = {
  command: () => {
    const checkouts = makeCheckouts();
    remove = checkouts.remove;
    checkouts.git('ann', 'remote', 'remove', 'origin');
    const root = join(checkouts.folder, 'ann');
    return { root, repository: commandLeaseRepository(root) };
  },
  memory: () => {
    const checkouts = makeCheckouts();
    remove = checkouts.remove;
    const root = join(checkouts.folder, 'ann');
    const files = () => (existsSync(join(root, ALICE)) ? { [ALICE]: readFileSync(join(root, ALICE), 'utf8') } : {});
    const git = memoryGit();
    git.commit('begin', files());
    return { root, repository: memoryLeases(root, git, files) };
  },
};

describe.each(Object.entries(makers))('leases in a repository without remote: %s', (_, make) => {
  it('are committed once, changed, and removed', async () => {
    const { root, repository } = make();
    await repository.requireReady();
    const publish = async (text: string | undefined, message: string) =>
      await (await repository.survey(ALICE)).publish({ text, message });
    const first = await publish('a: 1\n', 'one');
    expect(first).toMatchObject({
      kind: 'local',
      branch: 'HEAD',
      isNew: true,
      command: undefined,
      notFollowed: undefined,
    });
    expect(readFileSync(join(root, ALICE), 'utf8')).toBe('a: 1\n');
    expect(await publish('a: 1\n', 'again')).toEqual({ ...first, isNew: false });
    const seen = await repository.survey(ALICE);
    expect(seen).toMatchObject({ label: 'HEAD', isShared: false, isBehind: false });
    expect(seen.by).toMatch(/^\w+ <\S+@\S+>$/);
    expect(await seen.contains(first.commit ?? '')).toBe(true);
    expect(new TextDecoder().decode(seen.files()?.read(ALICE))).toBe('a: 1\n');
    expect(await repository.lastChange(ALICE)).toMatch(/^\d{4}-/);
    expect(await publish(undefined, 'gone')).toMatchObject({ isNew: true });
    expect(existsSync(join(root, ALICE))).toBe(false);
    expect(await publish(undefined, 'gone')).toMatchObject({ isNew: false });
  });

  it('tell by whom commits are made, and by whom a line was', async () => {
    const { root, repository } = make();
    const identity = await repository.identity();
    expect(identity).toMatch(/^[^<>\s]+@[^<>\s]+$/);
    const branch = await repository.survey(ALICE);
    await branch.publish({ text: 'a: 1\nb: 2\n', message: 'one' });
    expect(await repository.writerOf(ALICE, 2)).toBe(identity);
    expect(await repository.writerOf(ALICE, 9)).toBeUndefined();
    writeFileSync(join(root, ALICE), 'a: 1\nb: 3\n');
    expect(await repository.writerOf(ALICE, 2)).toBeUndefined();
  });
});
