import { describe, expect, it } from 'vitest';
import { judgeRemoval } from '../../../lib/plan/removal.ts';
import { type MemoryGit, memoryGit } from '../git/memory-git.ts';

const lease = 'config/dev/alice.yaml';
const blueprint = 'config/blueprints/di.yaml';
const all = { [lease]: 'blueprint: di\n', [blueprint]: 'tiers: {}\n' };
const { [lease]: _lease, ...without } = all;

function stack(commit: string) {
  return { commit, files: [lease, blueprint] };
}

async function unknown(git: MemoryGit, commit: string): Promise<string> {
  const verdict = await judgeRemoval(git, stack(commit));
  return 'unknown' in verdict ? verdict.unknown : `removed by ${verdict.by.summary}`;
}

describe('a stack that is configured no longer', () => {
  it('was removed on purpose where its file was deleted in this history', async () => {
    const git = memoryGit();
    const applied = git.commit('lease', all);
    const drop = git.commit('alice is done', without, { author: 'Alice' });
    git.commit('later', { ...without, other: 'x' });
    expect(await judgeRemoval(git, stack(applied))).toMatchObject({ by: { id: drop, author: 'Alice' }, file: lease });
  });

  it('was removed on purpose where its file was changed in this history', async () => {
    const git = memoryGit();
    const applied = git.commit('lease', all);
    git.commit('to the other cloud', { ...all, [lease]: 'blueprint: di\ncloud: lab\n' });
    expect(await judgeRemoval(git, stack(applied))).toMatchObject({ by: { summary: 'to the other cloud' } });
  });

  it('is unknown where the checkout merely lacks it: a branch behind main', async () => {
    const git = memoryGit();
    const start = git.commit('start', without);
    const colleague = git.commit('alice leases', all);
    git.checkout(start);
    expect(await unknown(git, colleague)).toMatch(/not in the history of this checkout; merge or rebase/);
  });

  it('is unknown where branches parted, though this one deleted a file of that name', async () => {
    const git = memoryGit();
    const start = git.commit('start', all);
    const colleague = git.commit('again', { ...all, [lease]: 'blueprint: ds\n' });
    git.checkout(start);
    git.commit('drop it here', without);
    expect(await unknown(git, colleague)).toMatch(/not in the history/);
  });

  it('is unknown while the deletion is not committed', async () => {
    const git = memoryGit();
    const applied = git.commit('lease', all);
    git.write(without);
    expect(await unknown(git, applied)).toMatch(/alice\.yaml that removes it is not committed; commit it/);
  });

  it('is unknown where its commit is not here, and says what would get it', async () => {
    const elsewhere = '0123456789012345678901234567890123456789';
    const git = memoryGit();
    git.commit('start', without);
    expect(await unknown(git, elsewhere)).toMatch(/not in this clone.*`git fetch`/);
    const shallow = memoryGit({ shallow: true });
    shallow.commit('start', without);
    expect(await unknown(shallow, elsewhere)).toMatch(/shallow clone; `git fetch --unshallow`/);
  });

  it('is unknown without history, or where it was applied without a commit', async () => {
    expect(await unknown(memoryGit(), '')).toMatch(/not a git repository/);
    const git = memoryGit();
    git.commit('start', without);
    expect(await unknown(git, '')).toMatch(/without a commit; `tandem destroy`/);
  });

  it('is unknown where the file came back after its deletion and nothing else removed the stack', async () => {
    const git = memoryGit();
    git.commit('lease', all);
    git.commit('drop', without);
    const again = git.commit('lease again', all);
    expect(await unknown(git, again)).toMatch(/no commit since/);
  });
});
