import { join } from 'node:path';
import { TandemError } from '../../errors/tandem-error.ts';
import { namesIn } from '../../fs/files.ts';
import { artefactName } from '../../stack/id.ts';
import type { Diagnosis, Trouble } from '../plugin.ts';
import { findBinary } from './binary.ts';
import { terraformStacks } from './catalogue.ts';
import { ERRORED, WORKING } from './work-folder.ts';

const WRITTEN_BACK =
  'nothing by hand: the next `tandem deploy` of the stack writes it back before it plans; keep the file until then';
const ONLY_A_COPY = 'if no `tandem plan --live` runs now, delete it: it is a copy';

/** A missing or unfit program, and states that runs left in their work folders. */
export async function diagnoseTerraform({ root, project, environment, busy }: Diagnosis): Promise<Trouble[]> {
  const folders = (purpose: string): string[] => namesIn(join(root, '.tandem', purpose));
  const resting = folders('work').filter((name) => !busy.some((id) => artefactName(id) === name));
  const left = [
    ...resting.flatMap((name) => leftIn(join(root, '.tandem', 'work', name), WRITTEN_BACK)),
    ...folders('look').flatMap((name) => leftIn(join(root, '.tandem', 'look', name), ONLY_A_COPY)),
  ];
  if (terraformStacks(project).length === 0) return left;
  try {
    await findBinary(project.organisation.value.terraform.binary, environment);
    return left;
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    return [{ check: error.code, text: error.message, next: error.next }, ...left];
  }
}

function leftIn(folder: string, next: string): Trouble[] {
  return namesIn(folder).flatMap((name) => {
    const file = join(folder, name);
    if (name === ERRORED)
      return [
        { check: 'state-not-saved', text: `${file} is a state that could not be written where it belongs`, next },
      ];
    if (name === WORKING || name === `${WORKING}.backup`)
      return [{ check: 'plain-state', text: `${file} is a state in clear that a killed run left`, next }];
    return [];
  });
}
