import { defineGroup } from '../../group.ts';
import { fleetStatusVerb } from './status.ts';

export const fleetGroup = defineGroup(
  'The analysis cluster: see its instances, restart, replace, drain and scale them',
  {
    status: fleetStatusVerb,
  },
);
