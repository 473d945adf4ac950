import type { BareChange } from '../model.ts';
import { canonical } from './json.ts';

/** What a user adds so that a renamed resource is kept: differs by engine. */
export type RenameHint = (from: string, to: string) => string;

/**
 * Says so where a resource goes and an equal one comes: it was likely renamed, and need not be destroyed. Only where the pair is
 * unambiguous, since advice that may move the wrong resource is worse than none.
 */
export function withRenameHints(changes: readonly BareChange[], hint: RenameHint): BareChange[] {
  const bySignature = new Map<string, { deleted: BareChange[]; created: BareChange[] }>();
  for (const change of changes) {
    if (change.action !== 'delete' && change.action !== 'create') continue;
    const key = signature(change);
    const pair = bySignature.get(key) ?? { deleted: [], created: [] };
    bySignature.set(key, pair);
    (change.action === 'delete' ? pair.deleted : pair.created).push(change);
  }
  const hints = new Map<BareChange, string>();
  for (const { deleted, created } of bySignature.values()) {
    const [from, to] = [deleted[0], created[0]];
    if (from === undefined || to === undefined || deleted.length > 1 || created.length > 1) continue;
    hints.set(from, `looks renamed to ${to.address}: ${hint(from.address, to.address)}`);
    hints.set(to, `looks renamed from ${from.address}`);
  }
  return changes.map((change) => {
    const found = hints.get(change);
    return found === undefined ? change : { ...change, reasons: [...change.reasons, found] };
  });
}

function signature(change: BareChange): string {
  const side = change.action === 'delete' ? 'before' : 'after';
  return canonical([change.type, change.attributes.map((each) => [each.path, each[side]])]);
}
