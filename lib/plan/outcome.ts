import type { Plan } from './model.ts';

/** Whether a stack could not be planned or compared. */
export function isFailed({ stacks }: Plan): boolean {
  return stacks.some(({ status }) => status === 'error');
}

/** Whether anything but noise changes. */
export function isChanged({ stacks }: Plan): boolean {
  return stacks.some(({ changes }) => changes.some(({ noise }) => !noise));
}

/** Whether anything in the clouds differs from what was applied. */
export function isDrifted({ stacks }: Plan): boolean {
  return stacks.some(({ drift }) => drift.length > 0);
}
