import { INSIDE_KINDS } from './inside.ts';
import type { KindOfResource } from './kind.ts';
import { MACHINE_KINDS } from './machines.ts';
import { NETWORK_KINDS } from './network.ts';

/** All kinds that OpenStack's services have, those of Keystone apart: its things hang on users. */
export const KINDS: readonly KindOfResource[] = [...MACHINE_KINDS, ...NETWORK_KINDS, ...INSIDE_KINDS];

export function kindOf(name: string): KindOfResource {
  const kind = KINDS.find((each) => each.kind === name);
  if (kind === undefined) throw new TypeError(`deleting a ${name} is not supported`);
  return kind;
}
