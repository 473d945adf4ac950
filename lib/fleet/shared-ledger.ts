import { z } from 'zod';
import type { Cells } from '../state/cells.ts';
import type { Ledger } from './ledger.ts';

/** The one ledger of all operations in an account and Region, whichever hosts they run on. */
export interface SharedLedger {
  /** Changes it as nobody else changes it: what another wrote meanwhile is read, and the change made over that. */
  update<T>(change: (ledger: Ledger) => { readonly ledger: Ledger; readonly value: T }): Promise<T>;
}

/** Format `tandem.ledger/1`. */
const ledgerSchema = z.strictObject({
  format: z.literal('tandem.ledger/1'),
  buckets: z.record(
    z.string(),
    z.strictObject({
      tokens: z.number(),
      at: z.number(),
      capacity: z.number(),
      rate: z.number(),
      emptyAt: z.number().optional(),
      drawn: z.number(),
    }),
  ),
});

/** How often a change is made over what others wrote meanwhile. */
const ATTEMPTS = 20;

/** In the store of the journal. One that cannot be read is begun anew: it only tells how fast to go. @param key - Account and Region */
export function ledgerIn(cells: Cells, key: string): SharedLedger {
  return {
    async update(change) {
      for (let left = ATTEMPTS; ; left -= 1) {
        const cell = await cells.get(key);
        const { ledger, value } = change(cell === undefined ? {} : parse(cell.text));
        const text = `${JSON.stringify({ format: 'tandem.ledger/1', buckets: ledger })}\n`;
        const condition = cell === undefined ? { onlyNew: true as const } : { instead: cell.version };
        // Whoever is always late is one too many anyway: what is believed of buckets is corrected by what AWS says.
        if ((await cells.put(key, text, condition)) || left <= 1) return value;
      }
    },
  };
}

function parse(text: string): Ledger {
  try {
    return ledgerSchema.parse(JSON.parse(text)).buckets as Ledger;
  } catch {
    return {};
  }
}
