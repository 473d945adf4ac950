import { z } from 'zod';
import { readIfThere } from '../fs/files.ts';
import { isForkEvent } from '../git/foreign.ts';
import { jsonIn } from '../text/json.ts';
import { forgeNotClear } from './errors.ts';

export type ForgeKind = 'github' | 'gitlab';

/** What a person or a job says; what is left out comes from the variables of the job. */
export interface Said {
  readonly forge?: ForgeKind | undefined;
  readonly api?: string | undefined;
  readonly repository?: string | undefined;
  readonly number?: number | undefined;
  readonly commit?: string | undefined;
}

/** Where a review goes. */
export interface Destination {
  readonly forge: ForgeKind;
  /** Without a slash at its end. */
  readonly api: string;
  /** `owner/name`, or GitLab's id of a project. */
  readonly repository: string;
  /** Undefined where only the branch is known, which the forge has to be asked for. */
  readonly number: number | undefined;
  /** `owner:branch`, where a `workflow_run` tells no number: for a fork GitHub names none. */
  readonly head: string | undefined;
  /** Of the request, when the job began. */
  readonly commit: string | undefined;
  /** Whether the request comes from a fork, whose code made the plan. */
  readonly isForeign: boolean;
}

const eventSchema = z.object({
  pull_request: z.object({ number: z.int(), head: z.object({ sha: z.string() }) }).optional(),
  workflow_run: z
    .object({
      head_sha: z.string(),
      head_branch: z.string().nullable(),
      head_repository: z.object({ owner: z.object({ login: z.string() }) }).nullable(),
    })
    .optional(),
});

/**
 * By what is said, then by the variables that GitHub's and GitLab's jobs have.
 * @throws TandemError `forge-not-clear`
 */
export function detectForge(environment: NodeJS.ProcessEnv, said: Said): Destination {
  const forge = said.forge ?? forgeOfJob(environment);
  if (forge === undefined) throw forgeNotClear('the forge', '--forge github, or --forge gitlab');
  const found = forge === 'gitlab' ? ofGitLab(environment) : ofGitHub(environment);
  const { repository = found.repository, number = found.number, commit = found.commit } = said;
  const api = (said.api ?? found.api).replace(/\/+$/, '');
  if (repository === undefined || repository === '') throw forgeNotClear('the repository', '--repository OWNER/NAME');
  // A number that is said says nothing of what the event is about.
  const head = said.number === undefined ? found.head : undefined;
  if (number === undefined && head === undefined)
    throw forgeNotClear('the number of the pull or merge request', '--number N');
  const isOther = said.number !== undefined && said.number !== found.number;
  return {
    ...{ forge, api, repository, number, head, isForeign: found.isForeign },
    commit: isOther && said.commit === undefined ? undefined : commit,
  };
}

/** Undefined outside of a job. */
export function forgeOfJob(environment: NodeJS.ProcessEnv): ForgeKind | undefined {
  if ((environment['GITLAB_CI'] ?? '') !== '') return 'gitlab';
  return (environment['GITHUB_REPOSITORY'] ?? '') === '' ? undefined : 'github';
}

interface Found {
  readonly api: string;
  readonly repository: string | undefined;
  readonly number: number | undefined;
  readonly head?: string | undefined;
  readonly commit: string | undefined;
  readonly isForeign: boolean;
}

function ofGitHub(environment: NodeJS.ProcessEnv): Found {
  const { GITHUB_EVENT_PATH: file, GITHUB_REF: ref = '' } = environment;
  const content = file === undefined || file === '' ? {} : jsonIn(readIfThere(file));
  const { pull_request: pull, workflow_run: run } = eventSchema.safeParse(content).data ?? {};
  const fromRef = /^refs\/pull\/(\d+)\//.exec(ref)?.[1];
  const branch = run?.head_branch ?? undefined;
  const owner = run?.head_repository?.owner.login;
  return {
    api: environment['GITHUB_API_URL'] || 'https://api.github.com',
    repository: environment['GITHUB_REPOSITORY'],
    number: pull?.number ?? (fromRef === undefined ? undefined : Number(fromRef)),
    head: branch === undefined || owner === undefined ? undefined : `${owner}:${branch}`,
    commit: pull?.head.sha ?? run?.head_sha,
    isForeign: isForkEvent(environment),
  };
}

function ofGitLab(environment: NodeJS.ProcessEnv): Found {
  const { CI_MERGE_REQUEST_IID: number, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: source } = environment;
  return {
    api: environment['CI_API_V4_URL'] || 'https://gitlab.com/api/v4',
    // Where a fork's pipeline runs in the fork, the request is still of the project that it goes to.
    repository: environment['CI_MERGE_REQUEST_PROJECT_ID'] || environment['CI_PROJECT_ID'],
    number: number === undefined || number === '' ? undefined : Number(number),
    // Set in pipelines of merged results alone, where CI_COMMIT_SHA is a commit that nobody made.
    commit: source || environment['CI_COMMIT_SHA'],
    isForeign: isForkEvent({ ...environment, GITHUB_EVENT_PATH: undefined }),
  };
}
