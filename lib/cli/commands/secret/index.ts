import { defineGroup } from '../../group.ts';
import { secretKeyVerb } from './key.ts';
import { secretListVerb } from './list.ts';
import { secretPutVerb } from './put.ts';
import { secretRemoveVerb } from './remove.ts';
import { secretRotateVerb } from './rotate.ts';

export const secretGroup = defineGroup('Store, list and remove the values of `secret:` references', {
  put: secretPutVerb,
  list: secretListVerb,
  remove: secretRemoveVerb,
  key: secretKeyVerb,
  rotate: secretRotateVerb,
});
