import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LeaseGit } from '../../dev/lease-git.ts';
import type { StackSpan } from './what-to-revert.ts';

/** A file as the branch is to have it; undefined content removes it. */
export interface FileChange {
  readonly file: string;
  readonly content: string | undefined;
}

export interface Inverse {
  readonly changes: readonly FileChange[];
  /** Files that were changed at the same lines since, or removed. */
  readonly conflicts: readonly string[];
  /** Files that stand for several stacks, whose commits before the operation differ. */
  readonly shared: readonly string[];
}

/**
 * The files of some stacks as they were before an operation, with what was changed elsewhere in them since: a three-way merge of each, as
 * `git revert` does it. Writes nothing to the repository.
 * @param tip - Commit that the branch starts from
 * @param layers - Files that no stack names and that a stack may stand on; taken where they changed in a stack's span
 */
export async function inverseFiles(
  git: LeaseGit,
  tip: string,
  spans: readonly StackSpan[],
  layers: (stack: StackSpan['stack'], files: readonly string[]) => readonly string[],
): Promise<Inverse> {
  const wanted = new Map<string, StackSpan[]>();
  for (const span of spans) {
    const changed = await changedIn(git, span);
    for (const file of [...span.files, ...layers(span.stack, changed)])
      wanted.set(file, [...(wanted.get(file) ?? []), span]);
  }
  const changes: FileChange[] = [];
  const conflicts: string[] = [];
  const shared: string[] = [];
  for (const [file, of] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const now = await contentAt(git, tip, file);
    const versions = await Promise.all(
      // Of a stack that was removed, what is still there stands for others.
      of
        .filter(({ after }) => after !== undefined || now === undefined)
        .map(async ({ before, after }) => ({
          before: await contentAt(git, before, file),
          after: await contentAt(git, after, file),
        })),
    );
    // Stacks that stand on a file that was not changed for them say nothing of it.
    const [first, ...others] = versions.filter(({ before, after }) => before !== after);
    if (first === undefined) continue;
    if (others.some(({ before }) => before !== first.before)) shared.push(file);
    if (now === first.before) continue;
    if (now === first.after) {
      changes.push({ file, content: first.before });
      continue;
    }
    const merged = await merge(git, { now, after: first.after, before: first.before });
    if (merged === undefined) conflicts.push(file);
    else if (merged !== now) changes.push({ file, content: merged });
  }
  return { changes, conflicts, shared };
}

/** Content at a commit, to the byte; undefined where it is not there. */
async function contentAt(git: LeaseGit, commit: string | undefined, file: string): Promise<string | undefined> {
  if (commit === undefined || commit === '') return undefined;
  const { code, output } = await git.run(['cat-file', 'blob', `${commit}:./${file}`]);
  return code === 0 ? output : undefined;
}

async function changedIn(git: LeaseGit, { before, after }: StackSpan): Promise<string[]> {
  if (before === undefined || after === undefined || before === '' || after === '') return [];
  const args = [
    'diff',
    '--name-only',
    '--relative',
    '-z',
    '--no-ext-diff',
    '--no-renames',
    before,
    after,
    '--',
    'config',
  ];
  const { code, output } = await git.run(args);
  return code === 0 ? output.split('\0').filter(Boolean) : [];
}

/** Undefined where both sides changed the same lines, or one removed what the other changed. */
async function merge(
  git: LeaseGit,
  { now, after, before }: Record<'now' | 'after' | 'before', string | undefined>,
): Promise<string | undefined> {
  if (now === undefined || after === undefined || before === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'tandem-merge-'));
  try {
    const files = Object.entries({ now, after, before }).map(([name, text]) => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    });
    const { code, output } = await git.run(['merge-file', '-p', '--quiet', ...files]);
    return code === 0 ? output : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
