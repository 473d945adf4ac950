import { haDown, haStatus, haUp } from '../../../lab/ha/index.ts';
import { SHIPPED_TIMERS } from '../../private-cloud/topology/timers.ts';
import { folderOf, type Lab, tellPhases } from './kind.ts';

/** Three controllers in network namespaces, that `tandem cloud drill` breaks. */
export const haLab: Lab = {
  async up(context, options) {
    const { lab, ...rest } = await haUp({
      ...folderOf(options),
      timers: SHIPPED_TIMERS,
      onProgress: tellPhases(context),
      signal: context.signal,
    });
    const notes = [
      ...lab.controllers.map(({ name, address, rack }) => `  ${name} ${address} in rack ${rack}`),
      `The VIP is ${lab.vip}, inside the lab's network namespaces only. To run failure drills: tandem cloud drill`,
    ];
    return { ...rest, lab, variables: {}, notes };
  },
  down: (context, { keepPackages = false, directory }) =>
    haDown({ keepPackages, ...folderOf({ directory }), onProgress: tellPhases(context) }),
  status: async (_context, options) => ({ ...(await haStatus(folderOf(options))), lab: null }),
};
