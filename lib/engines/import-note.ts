import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readIfThere, writeFileAtomic } from '../fs/files.ts';
import { requireNoLinks } from '../fs/trusted.ts';
import { artefactName, type StackId } from '../stack/id.ts';
import { jsonIn } from '../text/json.ts';
import { importNoteBroken } from './errors.ts';

const noteSchema = z.strictObject({
  format: z.literal('tandem.imports/1'),
  stack: z.string(),
  /** The file that told of what exists. */
  from: z.string(),
  imports: z.array(z.strictObject({ to: z.string(), type: z.string(), id: z.string() })),
});

export type ImportNote = z.output<typeof noteSchema>;

/** Where it is noted what the next plan of a stack imports: in the operator's checkout, until that was applied. */
function importNoteFile(stack: StackId): string {
  return join('.tandem', 'imports', `${artefactName(stack)}.json`);
}

export function noteImports(root: string, stack: StackId, note: Pick<ImportNote, 'from' | 'imports'>): string {
  const file = importNoteFile(stack);
  requireNoLinks(root, join(root, file));
  mkdirSync(dirname(join(root, file)), { recursive: true, mode: 0o700 });
  const whole: ImportNote = { format: 'tandem.imports/1', stack, ...note };
  writeFileAtomic(join(root, file), `${JSON.stringify(whole, null, 2)}\n`);
  return file;
}

/** What the next plan of a stack imports; nothing where nobody noted it. @throws TandemError `import-note-broken` */
export function notedImports(root: string, stack: StackId): ImportNote['imports'] {
  const file = importNoteFile(stack);
  requireNoLinks(root, join(root, file));
  const text = readIfThere(join(root, file));
  if (text === undefined) return [];
  const note = noteSchema.safeParse(jsonIn(text)).data;
  if (note?.stack !== stack) throw importNoteBroken(stack, file);
  return note.imports;
}

/** It was applied: what is gone later is made anew, and not looked for. */
export function forgetImports(root: string, stack: StackId): void {
  rmSync(join(root, importNoteFile(stack)), { force: true });
}
