import { z } from 'zod';
import type { StackId } from '../stack/id.ts';
import type { DeployPorts } from './ports.ts';

const state = z.looseObject({ serial: z.int(), resources: z.array(z.unknown()), outputs: z.unknown() });

/**
 * Forgets a stack without asking its cloud for anything: its state holds nothing any more, and it has no record. What it made there
 * stays, or was removed otherwise. Safe to repeat.
 */
export async function abandonStack(ports: Pick<DeployPorts, 'records' | 'states'>, stack: StackId): Promise<void> {
  const text = await ports.states.read(stack);
  if (text !== undefined) {
    const known = state.parse(JSON.parse(text));
    if (known.resources.length > 0) await ports.states.write(stack, emptied(known));
  }
  await ports.records.remove(stack);
}

function emptied(known: z.output<typeof state>): string {
  return `${JSON.stringify({ ...known, serial: known.serial + 1, resources: [], outputs: {} }, null, 2)}\n`;
}
