import { labNoServers } from '../errors.ts';
import { whyNoForming } from '../servers/roots.ts';
import { LinkBench } from './bench.ts';
import type { BedSettings } from './settings.ts';

export { LINK_ADAPTATIONS } from './adaptations.ts';
export { FLOATING, outsideOf } from './settings.ts';

/** A link on this machine, settled. @throws TandemError `lab-no-servers`, `lab-timeout` */
export async function openLinkBench(settings: BedSettings): Promise<LinkBench> {
  const why = whyNoForming();
  if (why !== undefined) throw labNoServers({ why });
  return LinkBench.up(settings);
}
