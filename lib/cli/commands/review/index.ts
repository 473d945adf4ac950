import { defineGroup } from '../../group.ts';
import { reviewPostVerb } from './post.ts';

export const reviewGroup = defineGroup('Show a plan where it is reviewed: on the pull or merge request', {
  post: reviewPostVerb,
});
