import { describe } from 'vitest';
import type { HostCommand } from '../../../../lib/private-cloud/members/ports.ts';
import { type FakeHost, FakeSurveys } from './fake-surveys.ts';
import { surveysContract } from './surveys.contract.ts';

const answer = ({ argv: [program, ...words], container }: HostCommand) =>
  program === 'echo' && container === undefined
    ? { code: 0, stdout: `${words.join(' ')}\n`, stderr: '' }
    : { code: program === 'sleep' ? 124 : 1, stdout: '', stderr: '' };

const host = (): FakeHost => ({
  bootId: '6f9a9863-37d8-4b52-ae7a-2bad689ce433',
  containers: [
    { name: 'cron', image: 'kolla/cron:2026.1', state: 'exited', health: null, isStale: false },
    { name: 'nova_api', image: 'kolla/nova-api:2026.1', state: 'running', health: 'healthy', isStale: true },
  ],
  answer,
});

describe('the surveys in memory', () => {
  surveysContract(() => new FakeSurveys({ one: host(), two: host(), gone: { ...host(), isSilent: true } }));
});
