import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { workerBootstrap } from '../../../lib/aws/worker-bootstrap.ts';
import { AGENT_VERSION } from '../../../stacks/aws/assets.ts';

const script = workerBootstrap({ parameterName: '/tandem/example/worker', region: 'eu-west-3' });
const folder = mkdtempSync(join(tmpdir(), 'tandem-bootstrap-'));
afterAll(() => rmSync(folder, { recursive: true }));

function syntaxOf(text: string) {
  return spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
}

/** The content of a file that the script writes. */
function written(path: string): string {
  const start = script.indexOf(`cat > ${path} <<'END_OF_FILE'\n`);
  return script.slice(script.indexOf('\n', start) + 1, script.indexOf('END_OF_FILE\n', script.indexOf('\n', start)));
}

const UNITS = ['tandem-worker.service', 'tandem-worker-failed.service'];
const unit = (name = UNITS[0]!): string => written(`/etc/systemd/system/${name}`);

test('the script is bash', () => expect(syntaxOf(script)).toMatchObject({ status: 0, stderr: '' }));

test.each(['/opt/tandem/fetch', '/opt/tandem/give-up'])('what it writes to %s is bash', (path) =>
  expect(syntaxOf(written(path))).toMatchObject({ status: 0, stderr: '' }),
);

test('it installs nothing itself: Node.js comes from image or bucket, and a package is the last resort', () => {
  const outside = ['/opt/tandem/fetch'].reduce((text, path) => text.replace(written(path), ''), script);
  expect(outside).not.toMatch(/\b(?:dnf|yum|rpm|apt|pip|npm)\b/);
  expect(written('/opt/tandem/fetch').match(/^.*\bdnf install\b.*$/gm)).toHaveLength(1);
});

describe('the unit of the worker', () => {
  test('is started again, and gives up after six starts in ten minutes that fail', () => {
    expect(unit()).toMatch(/^Restart=always$/m);
    expect(unit()).toMatch(/^StartLimitIntervalSec=600\nStartLimitBurst=6\nOnFailure=tandem-worker-failed.service$/m);
  });

  test('is not root, and lives on when a job took too much memory', () => {
    expect(unit()).toMatch(/^User=tandem$/m);
    expect(unit()).toMatch(/^Delegate=yes\nEnvironment=TANDEM_CGROUP=delegated\nOOMPolicy=continue$/m);
  });
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

/** The figure that systemd gives: from 0, well protected, to 10. */
function exposure(name: string): number {
  const file = join(folder, name);
  writeFileSync(file, unit(name));
  const args = ['security', '--offline=true', '--no-pager', file];
  const { stdout } = spawnSync('systemd-analyze', args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  return Number(/Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]);
}

describe.skipIf(!hasSystemd)('systemd itself', () => {
  test.each(UNITS)('gives %s an exposure of 4 at most', (name) => expect(exposure(name)).toBeLessThanOrEqual(4));

  test('knows every directive', () => {
    for (const name of UNITS) writeFileSync(join(folder, name), unit(name));
    const { stderr } = spawnSync('systemd-analyze', ['verify', ...UNITS.map((name) => join(folder, name))], {
      encoding: 'utf8',
    });
    expect(stderr.split('\n').filter((line) => /tandem/.test(line) && !line.includes('is not executable'))).toEqual([]);
  });
});

test('it fits into user data with room to spare', () => expect(script.length).toBeLessThan(12_288));

test('it does not change with the version of the agent', () => expect(script).not.toContain(AGENT_VERSION));
