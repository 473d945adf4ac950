import { defineGroup } from '../../group.ts';
import { linkDrillVerb } from './drill.ts';
import { linkRotateVerb } from './rotate.ts';
import { linkStatusVerb } from './status.ts';

export const linkGroup = defineGroup('Look after what joins a private cloud and an environment, and try it out', {
  status: linkStatusVerb,
  rotate: linkRotateVerb,
  drill: linkDrillVerb,
});
