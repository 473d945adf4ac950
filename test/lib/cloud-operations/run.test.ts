import { describe, expect, it } from 'vitest';
import { runCommand, runPlay } from '../../../lib/cloud-operations/run.ts';
import type { PlayResult } from '../../../lib/private-cloud/members/ports.ts';

const { signal } = new AbortController();
const failed = (why: string) => new Error(why);

describe('a play', () => {
  const play = { key: 'a', verb: 'deploy', tags: [], limit: [] };
  const run = (result: Partial<PlayResult>) =>
    runPlay({ run: async () => ({ code: 0, faults: [], log: 'the.log', ...result }) }, play, [], signal, failed);
  const faults = [{ host: 'control-a-1', task: 'Check the port' }];

  it('is good where it ends well, whatever its tasks bore', async () => {
    await expect(run({ faults })).resolves.toBeUndefined();
  });

  it('fails by its exit code, with who failed at what', async () => {
    await expect(run({ code: 2, faults })).rejects.toThrow('"Check the port" failed on control-a-1');
    await expect(run({ code: 2 })).rejects.toThrow('kolla-ansible ended with exit code 2');
  });
});

it('a command that fails is named with its place, and nothing that its host said', async () => {
  const hosts = { run: async () => ({ code: 1, stdout: 'secret', stderr: 'secret' }) };
  const command = { host: 'control-a-1', container: 'haproxy', argv: ['haproxy', '-c'] };
  const ran = runCommand(hosts, command, signal, failed);
  await expect(ran).rejects.toThrow(/^`haproxy -c` on control-a-1, container haproxy ended with exit code 1$/);
});
