import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { theOne } from '../../deploy/targets.ts';
import { existingUnreadable } from '../../engines/errors.ts';
import { noteImports } from '../../engines/import-note.ts';
import { type Match, type Matching, matchExisting } from '../../engines/match-existing.ts';
import { pluginOf } from '../../engines/plugins.ts';
import type { StackId } from '../../stack/id.ts';
import { stacksOf } from '../../synthesis/catalogue.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { synthesizeCached } from '../synthesize.ts';
import { notImported } from './errors.ts';

export interface ImportOptions {
  /** Id or short name of a configured stack. */
  readonly stack: string;
  /** What exists: a Terraform state, or a list of the resources of a CloudFormation stack. */
  readonly from: string;
  /** Takes in even what the first plan replaces. @default false */
  readonly allowReplace?: boolean;
  /** Only compares. @default false */
  readonly dryRun?: boolean;
}

export interface ImportResult extends Omit<Matching, 'matches'> {
  /** With those of the attributes that differ for which the first plan replaces what was imported. */
  readonly matches: readonly (Match & { readonly replacing: readonly string[] })[];
  readonly stack: StackId;
  /** Where it is noted for the next plan; null where nothing is. */
  readonly note: string | null;
}

/**
 * Matches what another tool manages with what a stack asks for, and notes it, so that the stack's next plan imports instead of making it
 * anew. What that plan would replace is not noted. Reaches no cloud.
 * @throws TandemError `no-such-stack`, `too-many-stacks`, `not-imported`, `existing-unreadable`
 */
export async function importExisting(
  context: ActionContext,
  { stack: selector, from, allowReplace = false, dryRun = false }: ImportOptions,
): Promise<ImportResult> {
  const definitions = stacksOf(requireProject(context));
  const known = definitions.map(({ id }) => id);
  const id = theOne(known, selector, 'import');
  const [stack] = await synthesizeCached(context, definitions, new Set([id]));
  if (stack === undefined) throw new Error(`${id} was not synthesized`);
  const reader = pluginOf(stack.engine).existing;
  if (reader === undefined) throw notImported(id);
  const path = resolve(context.folder, from);
  const existing = await readExisting(path, from, reader.expected, (text) => reader.existing(text));
  const matching = matchExisting(existing, await reader.wanted(stack.text), await reader.identity?.());
  const matches = await Promise.all(
    matching.matches.map(async (match) => ({
      ...match,
      replacing: (await reader.replacing?.(match.type, match.differs)) ?? [],
    })),
  );
  const imports = matches
    .filter(({ replacing }) => allowReplace || replacing.length === 0)
    .map(({ to, type, id: own }) => ({ to, type, id: own }));
  const note =
    dryRun || imports.length === 0
      ? null
      : noteImports(context.root, id, { from: relative(context.root, path), imports });
  return { stack: id, note, ...matching, matches };
}

async function readExisting<T>(
  path: string,
  shown: string,
  expected: string,
  read: (text: string) => Promise<T | undefined>,
): Promise<T> {
  let found: T | undefined;
  try {
    found = await read(readFileSync(path, 'utf8'));
  } catch (error) {
    const isExpected =
      error instanceof SyntaxError ||
      ['ENOENT', 'EISDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (!isExpected) throw error;
  }
  if (found === undefined) throw existingUnreadable(shown, expected);
  return found;
}
