import { describe, expect, it } from 'vitest';
import { describeAhead, judgeAhead, remembered } from '../../../lib/plan/ahead.ts';
import { memoryGit } from '../git/memory-git.ts';
import { edited, planEdit, shippedFiles } from './edited-project.ts';

const by = { by: 'anna@there', at: '2026-11-20T10:00:00Z' };

function history(shallow = false) {
  const git = memoryGit({ shallow });
  const start = git.commit('start', {});
  const theirs = git.commit('theirs', { a: '1' });
  git.checkout(start);
  const own = git.commit('own', { b: '1' });
  return { git, start, theirs, own };
}

describe('a stack that was applied', () => {
  it('from a commit of this history is not ahead, nor one whose commit is not known', async () => {
    const { git, start, own } = history();
    for (const commit of [start, own, '']) expect(await judgeAhead(git, { commit, ...by }, own)).toBeUndefined();
  });

  it('from a branch elsewhere, here or not, is ahead', async () => {
    const { git, theirs, own } = history();
    for (const commit of [theirs, 'f'.repeat(40)])
      expect(await judgeAhead(git, { commit, ...by }, own)).toEqual({ commit, ...by });
  });

  it('is said to be perhaps ahead where history is cut off, or where there is none', async () => {
    const { git, start, theirs, own } = history(true);
    const cut = await judgeAhead(git, { commit: theirs, ...by }, own);
    expect(cut?.unknown).toContain('git fetch --unshallow');
    expect(describeAhead({ commit: theirs, ...by, unknown: 'it is so' })).toMatch(/^perhaps ahead of you: .*it is so$/);
    expect(await judgeAhead(git, { commit: start, ...by }, own)).toBeUndefined();
    expect((await judgeAhead(git, { commit: start, ...by }, ''))?.unknown).toBe('this is no git repository');
  });

  it('is asked about once a commit', async () => {
    let asked = 0;
    const isAncestor = () => Promise.resolve(++asked > 0);
    const git = remembered({ isAncestor, isShallow: () => Promise.resolve(false) });
    for (const commit of ['a', 'a', 'b']) await judgeAhead(git, { commit, ...by }, 'head');
    expect(asked).toBe(2);
  });
});

it('the plan against records marks a stack that is ahead, and no other', async () => {
  const { git, start, theirs } = history();
  const files = shippedFiles();
  const after = edited(files, {
    'config/environments/prod.yaml': (text) => text.replace('maximum: 500', 'maximum: 490'),
  });
  const recorded = ({ id }: { readonly id: string }) => ({
    commit: id === 'aws/prod/cluster' ? theirs : start,
    applied: by,
  });
  const { stacks } = await planEdit({ before: files, after, only: 'aws/prod/*', recorded, git });
  expect(stacks.map(({ id, ahead }) => [id, ahead])).toEqual([
    ['aws/prod/cluster', { commit: theirs, ...by }],
    ['aws/prod/link', undefined],
    ['aws/prod/network', undefined],
  ]);
});
