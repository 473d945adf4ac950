import type { UnfinishedOperation } from '../state/journal.ts';

/** Operations that change which hosts a cloud stands on, or take hosts out of service: between their steps the cloud is as no file says. */
const CHANGES_OF_CLOUDS = /^cloud (?:add|remove|replace|grow|maintain|restore|recover)$/;

/** Whether an unfinished operation left a cloud between two placements. */
export function isCloudChange({ verb, begun, done }: UnfinishedOperation): boolean {
  return CHANGES_OF_CLOUDS.test(verb) && begun.length + done.length > 0;
}
