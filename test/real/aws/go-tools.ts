import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findGo } from '../../../lab/openstack/go.ts';

const ACTIONLINT = '1.7.12';

/** The program, built from the Go module registry; half a minute, once a version. */
export async function actionlint(): Promise<string> {
  const work = join(import.meta.dirname, '../../../.tandem/cache/go-tools');
  const program = join(work, `actionlint-${ACTIONLINT}`, 'actionlint');
  if (existsSync(program)) return program;
  mkdirSync(work, { recursive: true });
  const env = { ...process.env, GOMODCACHE: join(work, 'modules'), GOFLAGS: '-modcacherw', GOBIN: join(program, '..') };
  const go = await findGo({ work, env, log: join(work, 'log'), signal: new AbortController().signal });
  execFileSync(go, ['install', `github.com/rhysd/actionlint/cmd/actionlint@v${ACTIONLINT}`], { env, stdio: 'pipe' });
  return program;
}
