import { defineGroup } from '../../group.ts';
import { programPackVerb } from './pack.ts';

export const programGroup = defineGroup('Pack what the workers of a cluster run', { pack: programPackVerb });
