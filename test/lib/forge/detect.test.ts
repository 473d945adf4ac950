import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { detectForge } from '../../../lib/forge/detect.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-event-'));
afterAll(() => rmSync(folder, { recursive: true }));
const sha = '5e7c9a1b3d5f7a9b1c3d5e7f9a1b3c5d7e9f1a3b';
const own = { full_name: 'acme/clouds', owner: { login: 'acme' } };
const fork = { full_name: 'mallory/clouds', owner: { login: 'mallory' } };

function gitHubJob(event: object, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, JSON.stringify(event));
  return { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/clouds', GITHUB_EVENT_PATH: file, ...more };
}
const pull = (repo: object | null) => ({ pull_request: { number: 7, head: { sha, repo } } });
const run = (repository: object) => ({
  workflow_run: { head_sha: sha, head_branch: 'fix', head_repository: repository, pull_requests: [] },
});
const gitLabJob = {
  GITLAB_CI: 'true',
  CI_API_V4_URL: 'https://git.example.org/api/v4',
  CI_PROJECT_ID: '42',
  CI_COMMIT_SHA: sha,
  CI_MERGE_REQUEST_IID: '7',
};
const gitHub = {
  forge: 'github',
  api: 'https://api.github.com',
  repository: 'acme/clouds',
  number: 7,
  commit: sha,
  isForeign: false,
};
const gitLab = {
  forge: 'gitlab',
  api: 'https://git.example.org/api/v4',
  repository: '42',
  number: 7,
  commit: sha,
  isForeign: false,
};

it.each([
  ['a pull request', gitHubJob(pull(own)), {}, gitHub],
  ['one of a fork', gitHubJob(pull(fork)), {}, { ...gitHub, isForeign: true }],
  [
    'an event that nobody can read',
    gitHubJob({}, { GITHUB_EVENT_PATH: '/nowhere/event.json', GITHUB_REF: 'refs/pull/7/merge' }),
    {},
    { ...gitHub, commit: undefined, isForeign: true },
  ],
  ['one of a fork that is gone', gitHubJob(pull(null)), {}, { ...gitHub, isForeign: true }],
  [
    'a run after that of a fork',
    gitHubJob(run(fork)),
    {},
    { ...gitHub, number: undefined, head: 'mallory:fix', isForeign: true },
  ],
  ['a run after one of its own', gitHubJob(run(own)), {}, { ...gitHub, number: undefined, head: 'acme:fix' }],
  [
    'GitHub Enterprise',
    gitHubJob(pull(own), { GITHUB_API_URL: 'https://ghe.example.org/api/v3/' }),
    {},
    { ...gitHub, api: 'https://ghe.example.org/api/v3' },
  ],
  [
    'a ref alone',
    { GITHUB_REPOSITORY: 'acme/clouds', GITHUB_REF: 'refs/pull/7/merge' },
    {},
    { ...gitHub, commit: undefined },
  ],
  ['another number than the event’s', gitHubJob(pull(own)), { number: 9 }, { ...gitHub, number: 9, commit: undefined }],
  ['a merge request', gitLabJob, {}, gitLab],
  [
    'a merged result',
    { ...gitLabJob, CI_COMMIT_SHA: 'f'.repeat(40), CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: sha },
    {},
    gitLab,
  ],
  [
    'a merge request of a fork',
    { ...gitLabJob, CI_PROJECT_ID: '99', CI_MERGE_REQUEST_PROJECT_ID: '42', CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '99' },
    {},
    { ...gitLab, isForeign: true },
  ],
  [
    'no job at all',
    {},
    { forge: 'gitlab', repository: 'acme/clouds', number: 3 } as const,
    { forge: 'gitlab', api: 'https://gitlab.com/api/v4', repository: 'acme/clouds', number: 3 },
  ],
])('finds where a review goes: %s', (_, environment, said, wanted) => {
  expect(detectForge(environment, said)).toMatchObject(wanted);
});

it.each([
  ['the forge', {}, {}],
  ['the repository', {}, { forge: 'github' } as const],
  ['the number of the pull or merge request', gitHubJob({}), {}],
  ['the number of the pull or merge request', { ...gitLabJob, CI_MERGE_REQUEST_IID: '' }, {}],
])('fails where %s is not told', (what, environment, said) => {
  expect(() => detectForge(environment, said)).toThrow(what);
});
