import { defineGroup } from '../../group.ts';
import { linkDrillVerb } from './drill.ts';

export const linkGroup = defineGroup('Try out what joins a private cloud and an environment', {
  drill: linkDrillVerb,
});
