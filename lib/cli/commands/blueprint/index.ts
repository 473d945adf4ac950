import { defineGroup } from '../../group.ts';
import { blueprintDiagramVerb } from './diagram.ts';
import { blueprintListVerb } from './list.ts';
import { blueprintShowVerb } from './show.ts';

export const blueprintGroup = defineGroup('Show what dev environments are made of', {
  list: blueprintListVerb,
  show: blueprintShowVerb,
  diagram: blueprintDiagramVerb,
});
