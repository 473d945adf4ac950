import { defineGroup } from '../../group.ts';
import { imageBuildVerb } from './build.ts';
import { imageVagrantVerb } from './vagrant.ts';

export const imageGroup = defineGroup('Make images with what the servers of a blueprint run', {
  build: imageBuildVerb,
  vagrant: imageVagrantVerb,
});
