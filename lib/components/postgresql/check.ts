import type { Finding, TierInputs } from '../../bring-up/component.ts';
import { memoryFindings } from '../shared/findings.ts';
import type { PostgresqlSettings } from './settings.ts';

/** Agents of Consul on the servers, times that fit into each other, memory for the cache. */
export function checkPostgresql(inputs: TierInputs<PostgresqlSettings>): readonly Finding[] {
  const share = { setting: 'sharedBuffersMiB', maximumPercent: 50, rest: 'connections and the cache of files' };
  return [
    ...agent(inputs),
    ...times(inputs),
    ...memoryFindings(inputs.settings.sharedBuffersMiB, inputs.flavor, share),
  ];
}

function agent({ tier, runs }: TierInputs<PostgresqlSettings>): readonly Finding[] {
  const beside = runs[tier] ?? {};
  if (beside['consul-agent'] !== undefined || beside['consul'] !== undefined) return [];
  return [
    {
      at: ['settings'],
      code: 'component-missing',
      message: 'got a tier without an agent of Consul, in which its members agree who leads',
      fix: 'run consul-agent on it too',
    },
  ];
}

/** As Patroni asks: a primary has tried twice to renew its lock before it loses it. */
function times({ settings }: TierInputs<PostgresqlSettings>): readonly Finding[] {
  const { ttlSeconds, loopWaitSeconds, retryTimeoutSeconds } = settings;
  const least = loopWaitSeconds + 2 * retryTimeoutSeconds;
  if (ttlSeconds >= least) return [];
  return [
    {
      at: ['settings', 'ttlSeconds'],
      code: 'lock-shorter-than-tries',
      message: `got ${ttlSeconds}; a primary would lose its lock before it had tried twice to renew it, which takes loopWaitSeconds and twice retryTimeoutSeconds`,
      fix: `use ${least}`,
    },
  ];
}
