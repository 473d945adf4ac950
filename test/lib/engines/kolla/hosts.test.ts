import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ansibleHosts } from '../../../../lib/engines/kolla/ansible-hosts.ts';
import { sshFiles } from '../../../../lib/engines/kolla/host-files.ts';
import { hostsContract } from './hosts-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-hosts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'bin'));
copyFileSync(join(import.meta.dirname, 'fake-ansible-playbook'), join(folder, 'bin/ansible-playbook'));
// What SSH would run there, run here; `sudo -n` is no program of every machine.
writeFileSync(
  join(folder, 'bin/ssh'),
  '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\necho "$2" >>"$FAKE_SSH_LOG"\nshift 4\nexec "$@"\n',
);
chmodSync(join(folder, 'bin/ssh'), 0o755);

// The fake is a program of Node: the one that runs this.
const path = `${join(folder, 'bin')}:${join(process.execPath, '..')}:/usr/bin:/bin`;
const environment = {
  ...{ PATH: path, TANDEM_CHILD_ENVIRONMENT: 'FAKE_*', FAKE_SSH_LOG: join(folder, 'ssh.log') },
  FAKE_ANSIBLE_FROM: import.meta.filename,
};
const inventory = '[all]\nhere ansible_connection=local\nnowhere\n';

hostsContract('a stand-in for Ansible', () =>
  ansibleHosts({ tree: { 'inventory/multinode': inventory }, engine: 'docker', environment }),
);

describe('files of hosts over SSH', () => {
  const files = sshFiles({ user: 'kolla', addressOf: () => '10.0.0.1', environment });
  const signal = new AbortController().signal;
  const stream = (text: string): ReadableStream<Uint8Array> => new Blob([text]).stream();
  const textOf = async (content: ReadableStream<Uint8Array>): Promise<string> => await new Response(content).text();

  it('come over as they are, to the login and address of the host', async () => {
    const file = join(folder, 'a.gz');
    const text = 'x'.repeat(300_000);
    await files.write('a', file, stream(text), signal);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(await textOf(await files.read('a', file, signal))).toBe(text);
    expect(readFileSync(join(folder, 'ssh.log'), 'utf8')).toBe('kolla@10.0.0.1\nkolla@10.0.0.1\n');
  });

  it('fails for one that is not there, in the stream as well', async () => {
    const read = async () => await textOf(await files.read('a', join(folder, 'none'), signal));
    await expect(read()).rejects.toMatchObject({ code: 'host-file' });
    const into = files.write('a', join(folder, 'none/a'), stream('x'), signal);
    await expect(into).rejects.toMatchObject({ code: 'host-file' });
  });

  it('fails for a path that a shell would read', async () => {
    const read = async () => await files.read('a', '/tmp/$(reboot)', signal);
    await expect(read()).rejects.toMatchObject({ code: 'host-file' });
  });
});
