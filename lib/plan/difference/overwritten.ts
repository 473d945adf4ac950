import type { BareChange, Change } from '../model.ts';
import { CAUTION } from './stateful.ts';

/** Says of each change what of it undoes a change that was made outside Tandem. Pure. @param drift - What differs from what was applied */
export function withOverwritten<T extends BareChange>(changes: readonly T[], drift: readonly Change[]): T[] {
  const drifted = new Map(drift.map((each) => [each.address, each]));
  return changes.map((change) => {
    const reason = overwrites(change, drifted.get(change.address));
    return reason === undefined ? change : { ...change, reasons: [reason, ...change.reasons] };
  });
}

function overwrites(change: BareChange, drift: Change | undefined): string | undefined {
  if (drift === undefined || change.noise) return undefined;
  if (drift.action === 'delete') {
    return change.action === 'create' ? 'it was deleted outside Tandem, and is created again' : undefined;
  }
  if (change.action !== 'update' && change.action !== 'interrupt') return undefined;
  const changed = change.attributes.map(({ path }) => path);
  const own = drift.attributes.map(({ path }) => path).filter((path) => changed.some((each) => isWithin(each, path)));
  return own.length === 0
    ? undefined
    : `${CAUTION}it overwrites what was changed outside Tandem: ${[...new Set(own)].sort().join(', ')}`;
}

/** Whether one path is the other, or lies in it. */
function isWithin(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
