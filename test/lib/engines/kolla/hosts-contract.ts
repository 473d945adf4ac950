import { describe, expect, it } from 'vitest';
import type { CloudHosts, HostCommand } from '../../../../lib/private-cloud/members/ports.ts';

/** What every way to a host's commands does. `here` answers, `nowhere` does not. */
export function hostsContract(name: string, open: () => CloudHosts): void {
  const run = (command: Omit<HostCommand, 'host'>, host = 'here') =>
    open().run({ host, ...command }, new AbortController().signal);

  describe(`commands on hosts by ${name}`, () => {
    it('gives exit code and both outputs as they are', async () => {
      const argv = ['sh', '-c', 'echo out; echo err >&2; exit 3'];
      expect(await run({ argv })).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' });
    });

    it('passes words and input on as they are, whatever a shell or Ansible would make of them', async () => {
      const argv = ['printf', '%s|', '{{ 1 + 1 }}', '$HOME', "it's", '; exit 9', ''];
      expect((await run({ argv })).stdout).toBe("{{ 1 + 1 }}|$HOME|it's|; exit 9||");
      expect((await run({ argv: ['cat'], input: 'a {{ b }}\n$c' })).stdout).toBe('a {{ b }}\n$c');
    });

    it('says 124 for what takes too long', async () => {
      expect((await run({ argv: ['sleep', '30'], timeoutSeconds: 1 })).code).toBe(124);
    });

    it('fails for a host that does not answer', async () => {
      await expect(run({ argv: ['true'] }, 'nowhere')).rejects.toMatchObject({ code: 'host-unreachable' });
    });
  });
}
