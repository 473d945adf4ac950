import { setTimeout as sleep } from 'node:timers/promises';
import { TandemError } from '../../errors/tandem-error.ts';
import type { Recovered } from '../../private-cloud/drill/dark-start.ts';
import type { KollaSettings } from '../../private-cloud/kolla/kolla-cloud.ts';
import { volumesFolder } from '../../private-cloud/kolla/volumes.ts';
import { chooseFounder } from '../../private-cloud/recovery/choose.ts';
import { planRecovery, type RecoveryPlaces } from '../../private-cloud/recovery/plan.ts';
import { lookAtDarkCloud } from '../recovery/look.ts';
import { type RecoveryPorts, runRecoveryStep } from '../recovery/recover.ts';

/** As an operator does who runs `cloud recover` again until it knows enough. */
export async function leadRecovery(
  cloud: string,
  kolla: KollaSettings,
  ports: RecoveryPorts,
  say: (what: string) => void,
  signal: AbortSignal,
): Promise<Recovered> {
  const { hosts, asked } = ports;
  for (;;) {
    try {
      const { positions, missing } = await lookAtDarkCloud(cloud, hosts, asked, volumesFolder(kolla), signal);
      const founder = chooseFounder({ cloud, positions, missing, without: [] });
      say(`${founder.host} founds the database anew: ${founder.why}`);
      const places: RecoveryPlaces = asked;
      for (const step of planRecovery(founder, places, kolla.containerEngine))
        await runRecoveryStep(ports, cloud, step, places, signal);
      return { founder: founder.host, positions };
    } catch (error) {
      if (!(error instanceof TandemError) || !NOT_YET.includes(error.code)) throw error;
      await sleep(1000, undefined, { signal });
    }
  }
}

/** What the next seconds change: hosts and databases are only starting. */
const NOT_YET = ['recovery-position-unknown', 'recovery-host-missing'];
