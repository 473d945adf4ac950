import type { BareChange } from '../../../plan/model.ts';
import { PLAIN, replacementReasons } from './diff-block.ts';
import type { Reference } from './references.ts';
import type { Block } from './root.ts';

/** A resource that names a changed one in `replace_triggered_by`; undefined where that does not touch it. */
export function triggered(
  known: BareChange | undefined,
  block: Block,
  { address, attribute }: Reference,
  cause: BareChange,
): BareChange | undefined {
  if (known?.action === 'create' || known?.action === 'replace' || known?.action === 'import') return undefined;
  const isHit =
    attribute === '' ||
    cause.action === 'replace' ||
    cause.attributes.some((each) => each.path.split('.')[0] === attribute);
  if (!isHit || cause.action === 'move' || cause.action === 'forget') return undefined;
  const what = attribute === '' ? address : `${address}.${attribute}`;
  return {
    ...(known ?? { ...PLAIN, address: block.address, type: block.type, attributes: [] }),
    action: 'replace',
    noise: false,
    reasons: [
      ...(known?.noise === false ? known.reasons : []),
      `lifecycle.replace_triggered_by: ${what} changes`,
      ...replacementReasons(block),
    ],
  };
}
