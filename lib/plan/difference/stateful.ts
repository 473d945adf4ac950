import type { BareChange } from '../model.ts';
import { interruptionsOf } from './interruptions.ts';
import { DATA, USE } from './lost.ts';

/** What of value is in resources of a type; undefined where they can be made again as they were. */
export function heldBy(type: string): string | undefined {
  return DATA[type];
}

/** How a reason starts that nobody may overlook. */
export const CAUTION = 'CAUTION: ';

/** Says what data goes with a change that destroys, and what an update in place stops or wipes, which makes it an interruption. */
export function withCaution<T extends BareChange>(change: T): T {
  const interruptions = interruptionsOf(change).map((effect) => `${CAUTION}${effect}`);
  if (interruptions.length > 0)
    return { ...change, action: 'interrupt', reasons: [...new Set([...interruptions, ...change.reasons])] };
  const lost = DATA[change.type] ?? USE[change.type];
  const destroys = change.action === 'delete' || change.action === 'replace';
  if (lost === undefined || !destroys || change.reasons.includes(RETAINED)) return change;
  return { ...change, reasons: [`${CAUTION}it takes ${lost} with it`, ...change.reasons] };
}

/** Said of a resource whose old copy stays in the account. */
export const RETAINED = 'the old one stays in the account, outside any stack';
