import { defineGroup } from '../../group.ts';
import { jobCancelVerb } from './cancel.ts';
import { jobListVerb } from './list.ts';
import { jobRedriveVerb } from './redrive.ts';
import { jobResultVerb } from './result.ts';
import { jobRetryVerb } from './retry.ts';
import { jobShowVerb } from './show.ts';
import { jobSubmitVerb } from './submit.ts';

export const jobGroup = defineGroup('Send work to an analysis cluster, and see what became of it', {
  submit: jobSubmitVerb,
  list: jobListVerb,
  show: jobShowVerb,
  result: jobResultVerb,
  retry: jobRetryVerb,
  redrive: jobRedriveVerb,
  cancel: jobCancelVerb,
});
