import { defineGroup } from '../../group.ts';
import { labDownVerb } from './down.ts';
import { labStatusVerb } from './status.ts';
import { labUpVerb } from './up.ts';

export const labGroup = defineGroup('Local clouds to try things on: an OpenStack control plane, or an AWS emulator', {
  up: labUpVerb,
  down: labDownVerb,
  status: labStatusVerb,
});
