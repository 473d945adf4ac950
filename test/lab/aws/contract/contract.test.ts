import { describe, it } from 'vitest';
import { VirtualClock } from '../../../../lab/aws/clock.ts';
import { labCredentials, startAwsEndpoint } from '../../../../lab/aws/index.ts';
import { ACCOUNT, REGION } from '../rig.ts';
import { targetOf } from './lab-target.ts';
import { RULES } from './rules/rules.ts';

/** Every rule at an endpoint of its own, with the limits and the pace that it ships with. */
describe.each(Object.entries(RULES))('%s', (_topic, rules) => {
  it.each(rules)('$says', async ({ run }) => {
    const clock = new VirtualClock({ rate: 0 });
    const endpoint = await startAwsEndpoint({ clock });
    const config = { endpoint: endpoint.url, region: REGION, credentials: labCredentials(ACCOUNT) };
    const pass = (seconds: number): Promise<void> => clock.advance(seconds * 1000);
    const target = await targetOf(config, { pass, now: () => clock.now(), tries: 180 });
    try {
      await run(target);
    } finally {
      target.destroy();
      await endpoint.close();
    }
  });
});
