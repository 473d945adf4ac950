import { readIfThere } from '../fs/files.ts';
import { isRecord, jsonIn, mapOf } from '../text/json.ts';

/**
 * Whether this runs in CI for the pull request of a fork, or after a run for one (`workflow_run`), whose code is not the project's. By what
 * GitHub and GitLab tell their jobs.
 */
export function isForkEvent(environment: NodeJS.ProcessEnv): boolean {
  const { GITHUB_EVENT_PATH: file = '', GITHUB_REPOSITORY: repository } = environment;
  if (file !== '') return isFromElsewhere(jsonIn(readIfThere(file)), repository);
  const source = environment['CI_MERGE_REQUEST_SOURCE_PROJECT_ID'];
  return source !== undefined && source !== environment['CI_MERGE_REQUEST_PROJECT_ID'];
}

/** Said by the operator, never by the project. */
export function allowsForeignCode(environment: NodeJS.ProcessEnv): boolean {
  return environment['TANDEM_ALLOW_FOREIGN_CODE'] === '1';
}

/** An event that cannot be read is nobody's. */
function isFromElsewhere(event: unknown, repository: string | undefined): boolean {
  if (!isRecord(event)) return true;
  const { pull_request: pull, workflow_run: run } = event;
  if (pull === undefined && run === undefined) return false;
  const source = pull === undefined ? mapOf(run)['head_repository'] : mapOf(mapOf(pull)['head'])['repo'];
  // A fork that was deleted meanwhile is null, and no repository of ours.
  return repository === undefined || mapOf(source)['full_name'] !== repository;
}
