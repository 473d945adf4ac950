import { expect, it } from 'vitest';
import type { HostSurveys } from '../../../../lib/private-cloud/status/survey.ts';

/**
 * What every adapter of `HostSurveys` does. The surveyed hosts are `one` and `two`, each with a container `nova_api` that runs and one,
 * `cron`, that was stopped; `gone` does not answer. On both, `echo` is a program, and `sleep` in a container `mariadb`.
 */
export function surveysContract(surveys: () => HostSurveys, seconds = 60): void {
  const never = new AbortController().signal;

  it(
    'tells of each host that answers, and leaves out one that does not',
    async () => {
      const found = await surveys().survey(['one', 'gone', 'two'], [], never);
      expect([...found.keys()].sort()).toEqual(['one', 'two']);
      for (const { bootId, containers } of found.values()) {
        expect(bootId).toMatch(/^[0-9a-f-]{36}$/);
        expect(containers.map(({ name, state, health, isStale }) => [name, state, health, isStale])).toEqual([
          ['cron', 'exited', null, false],
          ['nova_api', 'running', 'healthy', true],
        ]);
        expect(containers.map(({ image }) => image)).toEqual(['kolla/cron:2026.1', 'kolla/nova-api:2026.1']);
      }
    },
    seconds * 1000,
  );

  it(
    'gives the answers of each host to its own commands, in their order, as they ended',
    async () => {
      const commands = [
        { host: 'two', argv: ['echo', 'first of {{ two }}'] },
        { host: 'one', argv: ['echo', "it's", '"one"'] },
        { host: 'two', argv: ['false'] },
        { host: 'two', container: 'mariadb', argv: ['sleep', '30'], timeoutSeconds: 1 },
      ];
      const found = await surveys().survey(['one', 'two'], commands, never);
      expect(found.get('one')?.answers).toEqual([{ code: 0, stdout: `it's "one"\n`, stderr: '' }]);
      expect(found.get('two')?.answers.map(({ code, stdout }) => [code, stdout])).toEqual([
        [0, 'first of {{ two }}\n'],
        [1, ''],
        [124, ''],
      ]);
    },
    seconds * 1000,
  );
}
