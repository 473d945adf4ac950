import type { StackTarget } from '../stack/target.ts';
import type { StackRecord } from '../state/record.ts';
import { enginePlugins } from './plugins.ts';

/** Where a stack was applied: as its record says, or, of an older one, as far as the artefact itself does. */
export function recordedTarget({
  engine,
  artefact,
  target,
}: Pick<StackRecord, 'engine' | 'artefact' | 'target'>): StackTarget {
  return (
    target ??
    enginePlugins()
      .find(({ name }) => name === engine)
      ?.targetIn?.(artefact) ??
    {}
  );
}
