import type { Change } from './model.ts';

/** Types of what is no resource. `terraform` is a block of a root, not the engine. */
const SETTINGS = new Set([
  'output',
  'provider',
  'variable',
  'local',
  'module',
  'terraform',
  'parameter',
  'condition',
  'mapping',
  'rule',
  'template',
]);

/** Whether a change is of something in a cloud, and not of the artefact around it. */
export function isResource(change: Pick<Change, 'address' | 'type'>): boolean {
  return !SETTINGS.has(change.type) && !change.address.startsWith('data.');
}
