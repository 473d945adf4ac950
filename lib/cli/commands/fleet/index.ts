import { defineGroup } from '../../group.ts';
import { fleetDrainVerb, fleetReplaceVerb, fleetRestartVerb, fleetRolloutVerb } from './operation.ts';
import { fleetScaleVerb } from './scale.ts';
import { fleetStatusVerb } from './status.ts';
import { fleetWatchVerb } from './watch.ts';

export const fleetGroup = defineGroup(
  'The analysis cluster: see its instances, restart, replace, drain and scale them',
  {
    status: fleetStatusVerb,
    restart: fleetRestartVerb,
    replace: fleetReplaceVerb,
    drain: fleetDrainVerb,
    scale: fleetScaleVerb,
    rollout: fleetRolloutVerb,
    watch: fleetWatchVerb,
  },
);
