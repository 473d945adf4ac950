import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Edit } from './configured.ts';

/** A blueprint of servers without software, for whatever is tested of servers alone: shipped blueprints are products, which change. */
export const BARE: Readonly<Record<string, string>> = {
  'config/blueprints/bare.yaml': readFileSync(join(import.meta.dirname, 'bare.yaml'), 'utf8'),
};

/** Anna leases it. */
export const ANNA_LEASES_BARE: Edit = ['dev/anna.yaml', 'blueprint', 'bare'];
