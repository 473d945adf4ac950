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

/** Forgets a stack whose lease is over, with the secrets that its servers got at their boot. Safe to repeat. */
export async function endStack(
  ports: Pick<DeployPorts, 'records' | 'states' | 'bootSecrets'>,
  stack: StackId,
  signal: AbortSignal,
): Promise<void> {
  // Before the record, which tells what servers needed: a run that ends in between is run again.
  const record = await ports.records.read(stack);
  if (record !== undefined) await ports.bootSecrets?.forget({ id: stack, text: record.artefact }, signal);
  await abandonStack(ports, stack);
}

function emptied(known: z.output<typeof state>): string {
  return `${JSON.stringify({ ...known, serial: known.serial + 1, resources: [], outputs: {} }, null, 2)}\n`;
}
