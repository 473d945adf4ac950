import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { TandemError } from '../../errors/tandem-error.ts';
import { readIfThere, writeFileAtomic } from '../../fs/files.ts';
import type { StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { type StateFacts, type States, stateFacts } from '../../state/states.ts';
import type { Versions } from '../../state/versions.ts';
import { counted } from '../../text/plural.ts';
import { stateNotSaved, stateOutrun } from './errors.ts';
import { ERRORED, WORKING } from './work-folder.ts';

/** Where the states of an engine's stacks are kept. */
export interface KeptStates {
  readonly states: States;
  readonly versions: Versions;
  /** Who acts, as `user@host`. */
  readonly operator: string;
}

/** Tells one line to whoever started the run. */
export type Tell = (text: string) => void;

/**
 * Writes states that a run left in a work folder to where they belong, before anything is planned: one that the back end did not take
 * (`errored.tfstate`), and the working copy of an encrypted one whose run was killed. Nobody else works in the folder.
 * @throws TandemError `state-not-saved` where the back end still fails, `state-outrun` where somebody wrote another one meanwhile
 */
export async function recoverStates(stack: StackId, folder: string, kept: KeptStates, tell: Tell): Promise<void> {
  for (const name of [ERRORED, WORKING]) {
    const file = join(folder, name);
    if (!existsSync(file)) continue;
    await recover(stack, file, kept, tell);
    for (const done of [file, `${file}.backup`]) rmSync(done, { force: true });
  }
}

async function recover(
  stack: StackId,
  file: string,
  { states, versions, operator }: KeptStates,
  tell: Tell,
): Promise<void> {
  const text = readFileSync(file, 'utf8');
  const left = stateFacts(text);
  const keep = async (moment: string): Promise<string> => {
    const note = { at: new Date(), by: operator, operation: '', moment };
    return (await versions.keep(stack, { state: text, record: null }, note)).id;
  };
  try {
    const there = stateFacts(await states.read(stack));
    if (left === undefined) {
      if (text !== '') tell(`${file} was cut off in a write; kept as version ${await keep('cut off in a write')}`);
    } else if (there === undefined || (there.lineage === left.lineage && there.serial < left.serial)) {
      await states.write(stack, withLineage(text, left));
      const what = `serial ${left.serial}, ${counted(left.addresses.length, 'resource')}`;
      tell(`the state of ${stack} that an earlier run could not write is written now (${what})`);
    } else if (!isSame(there, left)) {
      const id = await keep('not written: another run was quicker');
      // A working copy is written back while it grows: what came after it started from it, and took over the rest.
      if (!file.endsWith(WORKING) || there.lineage !== left.lineage) throw stateOutrun(stack, file, id, left, there);
      tell(`an older state of ${stack} was left by a killed run; kept as version ${id}`);
    }
  } catch (error) {
    if (!(error instanceof TandemError) || error.code === 'state-outrun') throw error;
    throw stateNotSaved(stack, file, left?.addresses.length ?? 0, error);
  }
}

/** A first state that was never written has no lineage yet: Terraform gives it one with the write that failed. */
function withLineage(text: string, { lineage, serial }: StateFacts): string {
  if (lineage !== '') return text;
  const first = { ...(JSON.parse(text) as object), lineage: randomUUID(), serial: Math.max(serial, 1) };
  return JSON.stringify(first, null, 2);
}

function isSame(one: StateFacts, other: StateFacts): boolean {
  const described = ({ lineage, serial, addresses }: StateFacts): string => [lineage, serial, ...addresses].join('\n');
  return described(one) === described(other);
}

/** Puts a state that is kept encrypted where Terraform works on it, in clear, readable by its owner alone. */
export async function checkOut(stack: StackId, folder: string, { states }: KeptStates): Promise<void> {
  const text = await states.read(stack);
  if (text === undefined) removeWorking(folder);
  else writeFileAtomic(join(folder, WORKING), text);
}

/** Writes the working copy back, where Terraform wrote a newer one. */
export async function checkIn(stack: StackId, folder: string, { states }: KeptStates): Promise<void> {
  const file = join(folder, WORKING);
  const text = readIfThere(file);
  // While Terraform writes it, it may be cut off: the next time, then.
  if (text !== undefined && stateFacts(text) !== undefined) await states.write(stack, text);
}

export function removeWorking(folder: string): void {
  for (const name of [WORKING, `${WORKING}.backup`, `.${WORKING}.lock.info`])
    rmSync(join(folder, name), { force: true });
}

/**
 * The state of a stack, in clear; null where there is none. Undefined where its artefact keeps the state elsewhere than the organisation,
 * or asks for no resource and has none.
 */
export async function readState(
  stack: Pick<SynthesizedStack, 'id' | 'text'>,
  kept: KeptStates | undefined,
): Promise<string | null | undefined> {
  const root = artefact.safeParse(JSON.parse(stack.text)).data;
  if (kept === undefined || !Object.hasOwn(root?.terraform.backend ?? {}, kept.states.backend)) return undefined;
  const text = await kept.states.read(stack.id);
  if (text !== undefined) return text;
  return root?.resource === undefined && root?.module === undefined ? undefined : null;
}

const artefact = z.looseObject({
  terraform: z.looseObject({ backend: z.record(z.string(), z.unknown()).default({}) }),
  resource: z.unknown().optional(),
  module: z.unknown().optional(),
});

/** Puts a state in place of whatever is there, and ends what runs have left in the work folder. */
export async function writeState(stack: StackId, folder: string, text: string, kept: KeptStates): Promise<void> {
  await kept.states.write(stack, text, true);
  rmSync(join(folder, ERRORED), { force: true });
  removeWorking(folder);
}
