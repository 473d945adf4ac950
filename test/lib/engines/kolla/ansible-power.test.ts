import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ansiblePower } from '../../../../lib/engines/kolla/ansible-power.ts';
import { ansibleSurveys } from '../../../../lib/engines/kolla/ansible-surveys.ts';

const never = new AbortController().signal;
let folder = '';
let environment: NodeJS.ProcessEnv = {};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-power-'));
  environment = { PATH: process.env['PATH'], TANDEM_KOLLA_ANSIBLE: join(folder, 'kolla-ansible') };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An `ansible` that notes its arguments and ends so. */
function ansible(script: string): void {
  writeFileSync(join(folder, 'ansible'), `#!/bin/sh\nprintf '%s\\n' "$@" >${folder}/arguments\n${script}\n`);
  chmodSync(join(folder, 'ansible'), 0o755);
}

const power = () => ansiblePower({ environment, inventory: '/i', folder });
const said = () => readFileSync(join(folder, 'arguments'), 'utf8').trim().split('\n');

describe('power by ansible', () => {
  it('restarts hosts by the module that waits for them', async () => {
    ansible('exit 0');
    await power().reboot(['a-1', 'b-1'], never);
    expect(said()).toEqual([
      ...['a-1,b-1', '--inventory', '/i', '--become', '--forks', '50', '--module-name', 'ansible.builtin.reboot'],
      ...['--args', '{"reboot_timeout":1800}'],
    ]);
  });

  it('switches them off a little later, so that they can answer', async () => {
    ansible('exit 0');
    await power().powerOff(['a-1'], never);
    expect(said().at(-1)).toBe('{"argv":["systemd-run","--on-active=5","systemctl","poweroff"]}');
  });

  it('fails with their names where one does not come back', async () => {
    ansible('exit 2');
    await expect(power().reboot(['a-1', 'b-1'], never)).rejects.toMatchObject({
      ...{ code: 'reboot-failed', message: 'a-1, b-1 did not all restart and answer within 30 minutes' },
    });
    await expect(power().powerOff(['a-1'], never)).rejects.toThrow('could not be switched off');
  });

  it('does nothing for no host', async () => {
    await power().reboot([], never);
    await power().powerOff([], never);
    expect(() => said()).toThrow('ENOENT');
  });
});

describe('surveys', () => {
  it('fails where there is no ansible, and leaves out what is no answer', async () => {
    const surveys = ansibleSurveys({ environment, inventory: '/i', engine: 'docker' });
    await expect(surveys.survey(['a-1'], [], never)).rejects.toMatchObject({ code: 'no-ansible' });
    ansible(`while [ "$1" != --tree ]; do shift; done
echo '{"unreachable": true, "msg": "x"}' >"$2/a-1"
echo '{"rc": 0, "stdout": "surprise"}' >"$2/b-1"
echo '{"rc": 0, "stdout": "{\\\\"bootId\\\\": \\\\"x\\\\", \\\\"containers\\\\": [], \\\\"answers\\\\": []}"}' >"$2/c-1"
exit 4`);
    const found = await surveys.survey(['a-1', 'b-1', 'c-1'], [], never);
    expect([...found]).toEqual([['c-1', { bootId: 'x', containers: [], answers: [] }]]);
  });
});
