import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere } from '../../fs/files.ts';
import type { StackId } from '../../stack/id.ts';
import { brokenStateFile } from '../../state/errors.ts';
import { type States, stateFacts } from '../../state/states.ts';
import type { PlanOptions } from '../engine.ts';
import { stateInTwoPlaces } from './errors.ts';

/**
 * Brings a state in local files to the organisation's back end, where that was chosen later: without it, Terraform would make everything
 * again. The file is kept beside, under another name.
 * @throws TandemError `state-in-two-places` where both hold resources
 */
export async function bringState(
  root: string,
  states: States,
  stack: StackId,
  { emit }: Pick<PlanOptions, 'emit'>,
): Promise<void> {
  if (states.backend === 'local') return;
  const file = join(root, '.tandem', 'state', `${stack}.tfstate`);
  const text = readIfThere(file);
  if (text === undefined) return;
  const [local, there] = [stateFacts(text), stateFacts(await states.read(stack))];
  if (local === undefined) throw brokenStateFile(file, 'it is no state of Terraform in clear');
  if (local.addresses.length === 0) return;
  if (there !== undefined && there.addresses.length > 0) throw stateInTwoPlaces(stack, file, states.backend);
  await states.write(stack, text, there !== undefined);
  renameSync(file, `${file}.moved`);
  const said = `its state was in ${file}; it is in ${states.backend} now, as state.backend says, and the file is kept as ${file}.moved`;
  emit?.({ kind: 'message', stack, level: 'info', text: said });
}
