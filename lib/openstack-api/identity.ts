import { wrongCloud } from './errors.ts';
import type { Caller } from './session.ts';

/** What a cloud's configuration says of where its credentials must lead. */
export interface ExpectedCloud {
  readonly name: string;
  readonly authUrl: string;
  readonly project: string;
}

/**
 * Compares where credentials lead with what the configuration names, before anything is touched.
 * @throws TandemError `wrong-cloud`
 */
export function assertExpectedIdentity(expected: ExpectedCloud, authUrl: string, caller: Caller): void {
  if (normalise(expected.authUrl) !== normalise(authUrl)) {
    throw wrongCloud(expected.name, 'endpoint', expected.authUrl, authUrl);
  }
  const project = caller.project?.name ?? 'no project';
  if (project !== expected.project) throw wrongCloud(expected.name, 'project', expected.project, project);
}

function normalise(url: string): string {
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/\/+$/, '').replace(/\/v3$/, '')}`;
}

/** Who Keystone says that a caller is, with the ids that its own logs have. */
export function identityOf({ user, project }: Caller): string {
  const where = project === undefined ? 'no project' : `project ${project.name} (${project.id})`;
  return `user ${user.name} (${user.id}) in ${where}`;
}
