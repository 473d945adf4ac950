import { readIfThere } from '../fs/files.ts';
import { jsonIn } from '../text/json.ts';

/**
 * Whether this runs in CI for the pull request of a fork, whose code is not the project's. By what GitHub and GitLab tell their jobs.
 */
export function isForkEvent(environment: NodeJS.ProcessEnv): boolean {
  const { GITHUB_EVENT_PATH: event, GITHUB_REPOSITORY: repository } = environment;
  if (event !== undefined && repository !== undefined) return sourceOf(event, repository) !== repository;
  const source = environment['CI_MERGE_REQUEST_SOURCE_PROJECT_ID'];
  return source !== undefined && source !== environment['CI_MERGE_REQUEST_PROJECT_ID'];
}

/** Said by the operator, never by the project. */
export function allowsForeignCode(environment: NodeJS.ProcessEnv): boolean {
  return environment['TANDEM_ALLOW_FOREIGN_CODE'] === '1';
}

/** The repository that a pull request comes from; that of the job, where it is none. An event that cannot be read is nobody's. */
function sourceOf(file: string, repository: string): unknown {
  interface Event {
    readonly pull_request?: { readonly head?: { readonly repo?: { readonly full_name?: string } | null } };
  }
  const event = jsonIn(readIfThere(file)) as Event | null | undefined;
  if (event === undefined || event === null) return undefined;
  // A fork that was deleted meanwhile is null, and no repository of ours.
  return event.pull_request === undefined ? repository : event.pull_request.head?.repo?.full_name;
}
