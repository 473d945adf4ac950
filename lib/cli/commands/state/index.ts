import { defineGroup } from '../../group.ts';
import { stateForgetVerb } from './forget.ts';
import { stateListVerb } from './list.ts';
import { stateRestoreVerb } from './restore.ts';
import { stateRotateVerb } from './rotate.ts';
import { stateShowVerb } from './show.ts';

export const stateGroup = defineGroup("List, show, restore and forget versions of a stack's state; encrypt them anew", {
  list: stateListVerb,
  show: stateShowVerb,
  restore: stateRestoreVerb,
  forget: stateForgetVerb,
  rotate: stateRotateVerb,
});
