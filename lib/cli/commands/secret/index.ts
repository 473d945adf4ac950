import { defineGroup } from '../../group.ts';
import { secretPutVerb } from './put.ts';
import { secretRemoveVerb } from './remove.ts';

export const secretGroup = defineGroup('Store and remove the values of `secret:` references', {
  put: secretPutVerb,
  remove: secretRemoveVerb,
});
