import { labDown, labStatus, labUp } from '../../../lab/openstack/index.ts';
import { folderOf, type Lab, tellPhases } from './kind.ts';

/** A real OpenStack control plane on this machine. */
export const openStackLab: Lab = {
  async up(context, { hypervisors, directory }) {
    const { lab, ...rest } = await labUp({
      ...(hypervisors === undefined ? {} : { hypervisors }),
      ...folderOf({ directory }),
      onProgress: tellPhases(context),
      signal: context.signal,
    });
    return { ...rest, lab, variables: lab.environment, notes: [`It is the cloud "${lab.cloudName}".`] };
  },
  down: (context, { keepPackages = false, directory }) =>
    labDown({ keepPackages, ...folderOf({ directory }), onProgress: tellPhases(context) }),
  async status(_context, options) {
    const { lab, ...rest } = await labStatus(folderOf(options));
    return { ...rest, lab: lab ?? null };
  },
};
