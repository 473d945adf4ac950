import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { workerBootstrap } from '../../../lib/aws/worker-bootstrap.ts';

const script = workerBootstrap({
  parameterName: '/tandem/example/worker',
  region: 'eu-west-3',
  logGroupName: '/tandem/example/workers',
});

function syntaxOf(text: string) {
  return spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
}

/** The content of a file that the script writes. */
function written(path: string): string {
  const start = script.indexOf(`cat > ${path} <<'END_OF_FILE'\n`);
  return script.slice(script.indexOf('\n', start) + 1, script.indexOf('END_OF_FILE\n', script.indexOf('\n', start)));
}

test('the script is bash', () => expect(syntaxOf(script)).toMatchObject({ status: 0, stderr: '' }));

test('what it writes to fetch the agent is bash', () =>
  expect(syntaxOf(written('/opt/tandem/fetch'))).toMatchObject({ status: 0, stderr: '' }));

test('what it writes for the log agent is JSON', () =>
  expect(JSON.parse(written('/etc/tandem/logs.json'))).toMatchObject({ agent: { region: 'eu-west-3' } }));

test('the worker is restarted for ever', () => {
  expect(written('/etc/systemd/system/tandem-worker.service')).toMatch(/^Restart=always$/m);
  expect(written('/etc/systemd/system/tandem-worker.service')).toMatch(/^StartLimitIntervalSec=0$/m);
});

test('the worker is not root', () =>
  expect(written('/etc/systemd/system/tandem-worker.service')).toMatch(/^User=tandem$/m));

test('it fits into user data with room to spare', () => expect(script.length).toBeLessThan(8192));

test('it does not change with the version of the agent', () => expect(script).not.toMatch(/\d+\.\d+\.\d+/));
