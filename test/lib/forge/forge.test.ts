import { expect, it } from 'vitest';
import { gitHub, pullRequestAt } from '../../../lib/forge/github.ts';
import { gitLab } from '../../../lib/forge/gitlab.ts';
import { HEAD, TOKEN } from './endpoint.ts';
import { forgeContract } from './forge.contract.ts';
import { startGitHub } from './github-endpoint.ts';
import { startGitLab } from './gitlab-endpoint.ts';

forgeContract('GitHub', {
  start: startGitHub,
  own: 'github-actions[bot]',
  open: (api, options, token) => gitHub({ api, ...options, token, repository: 'acme/clouds', number: 7 }),
});

forgeContract('GitLab', {
  start: startGitLab,
  own: 'project_42_bot',
  open: (api, options, token) => gitLab({ api, ...options, token, repository: '42', number: 7 }),
});

const signal = new AbortController().signal;

it.each([
  [
    'primary',
    403,
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1000040', date: new Date(1_000_000_000).toUTCString() },
    'API rate limit exceeded',
    [40],
  ],
  ['secondary, with a time', 403, { 'retry-after': '9' }, 'You have exceeded a secondary rate limit', [9]],
  ['secondary, without one', 403, {}, 'You have exceeded a secondary rate limit. Please wait', [60]],
])('GitHub’s %s rate limit is waited for', async (_, status, headers, message, wanted) => {
  const endpoint = await startGitHub();
  const waits: number[] = [];
  const forge = gitHub({
    api: endpoint.api,
    signal,
    wait: async (seconds) => void waits.push(seconds),
    token: TOKEN,
    repository: 'acme/clouds',
    number: 7,
  });
  let left = 1;
  endpoint.intercept = () => (left-- > 0 ? { status, headers, body: { message } } : undefined);
  expect(await forge.head()).toBe(HEAD);
  expect(waits).toEqual(wanted);
  // What is forbidden for another reason is no limit.
  endpoint.intercept = () => ({ status: 403, body: { message: 'Resource not accessible by integration' } });
  await expect(forge.head()).rejects.toMatchObject({ code: 'forge-refused' });
  await endpoint.close();
});

it('finds the pull request of a fork by branch and commit, whatever its job says', async () => {
  const endpoint = await startGitHub();
  const props = { api: endpoint.api, signal, token: TOKEN, repository: 'acme/clouds' };
  expect(await pullRequestAt(props, 'mallory:fix', HEAD)).toBe(7);
  expect(await pullRequestAt(props, 'mallory:fix', 'f'.repeat(40))).toBeUndefined();
  expect(await pullRequestAt(props, 'mallory:other', HEAD)).toBeUndefined();
  await endpoint.close();
});
