import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';

const project = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'continue-on-error'?: boolean;
}

/** What a job of GitHub Actions finds when it begins. */
export interface JobOf {
  /** Repository that it clones; its project is at the top. */
  readonly origin: string;
  /** Commit that is checked out. */
  readonly commit: string;
  /** Folder of the machine, which the test removes. */
  readonly machine: string;
  /** Content of `GITHUB_EVENT_PATH`. */
  readonly event: object;
  /** Variables that GitHub sets, and what `aws-actions/configure-aws-credentials` sets where a step uses it. */
  readonly variables: Readonly<Record<string, string>>;
  readonly credentials: Readonly<Record<string, string>>;
  /** `secrets.NAME`, `vars.NAME`, `github.token` and so on: one that is missing is empty, as GitHub has it. */
  readonly expressions: Readonly<Record<string, string>>;
  /** Where artifacts are kept between jobs. */
  readonly artifacts: string;
  /** A change of the workflow's text, as a user would make. */
  readonly edit?: (text: string) => string;
}

/**
 * Runs the steps of a job, each with bash, as GitHub's runner does: a clone of its own, no variable but those that a job has. Actions are
 * played by what they do to the machine. `npx tandem` is this checkout's.
 * @throws Error with the log of the step that fails
 */
export async function runJob(file: string, name: string, job: JobOf): Promise<string> {
  const { origin, commit, machine, artifacts, edit = (text) => text } = job;
  const work = join(machine, 'work');
  const temporary = join(machine, 'temp');
  const bin = join(machine, 'bin');
  for (const folder of [temporary, bin, artifacts]) mkdirSync(folder, { recursive: true });
  const main = join(project, 'lib/cli/main.ts');
  const npx = `#!/bin/sh\nshift\nexec "${process.execPath}" --disable-warning=ExperimentalWarning "${main}" "$@"\n`;
  writeFileSync(join(bin, 'npx'), npx, { mode: 0o755 });
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  writeFileSync(join(machine, 'event.json'), JSON.stringify(job.event));
  const fill = (text: string): string =>
    text.replace(/\$\{\{ (.+?) \}\}/g, (_, expression: string) =>
      expression === 'runner.temp' ? temporary : (job.expressions[expression] ?? ''),
    );
  const workflow = parse(edit(readFileSync(join(origin, file), 'utf8'))) as {
    readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
  };
  const environment: NodeJS.ProcessEnv = {
    ...{ PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: machine, CI: 'true', GITHUB_ACTIONS: 'true' },
    ...{ GITHUB_EVENT_PATH: join(machine, 'event.json'), RUNNER_TEMP: temporary, GITHUB_SHA: commit },
    ...{ GITHUB_STEP_SUMMARY: join(machine, 'summary.md'), NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
    ...job.variables,
  };
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' });
  let log = '';
  for (const step of workflow.jobs[name]?.steps ?? []) {
    const inputs = Object.fromEntries(
      Object.entries(step.with ?? {}).map(([key, value]) => [key, fill(String(value))]),
    );
    const { name: artifact = '', path = '.', ref } = inputs;
    const action = step.uses?.split('@')[0];
    if (action === 'actions/checkout' && ref === undefined) {
      git('clone', '-q', origin, work);
      git('-C', work, 'checkout', '-q', '--detach', commit);
      // Paths of assets are relative to the project.
      symlinkSync(join(project, 'packages'), join(work, 'packages'));
    } else if (action === 'actions/checkout') {
      try {
        git('clone', '-q', '--branch', ref ?? '', origin, join(work, path));
      } catch (error) {
        if (step['continue-on-error'] !== true) throw error;
      }
    } else if (action === 'actions/upload-artifact') {
      for (const each of path.trim().split(/\s+/)) cpSync(join(work, each), join(artifacts, artifact, each));
    } else if (action === 'actions/download-artifact') {
      cpSync(join(artifacts, artifact), path === '.' ? work : path, { recursive: true });
    } else if (action === 'aws-actions/configure-aws-credentials') Object.assign(environment, job.credentials);
    else if (step.run !== undefined) {
      const own = Object.entries(step.env ?? {}).map(([key, value]) => [key, fill(value)]);
      const env = { ...environment, ...Object.fromEntries(own) } as NodeJS.ProcessEnv;
      const done = await run('bash', ['-e', '-o', 'pipefail', '-c', fill(step.run)], { cwd: work, env }).catch(
        (error: unknown) => {
          const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
          throw new Error(`${step.run ?? ''} failed: ${stdout}${stderr}`);
        },
      );
      log += done.stdout + done.stderr;
    } else if (action !== 'actions/setup-node') throw new Error(`nothing plays ${step.uses ?? 'a step without run'}`);
  }
  const summary = join(machine, 'summary.md');
  return existsSync(summary) ? log + readFileSync(summary, 'utf8') : log;
}
