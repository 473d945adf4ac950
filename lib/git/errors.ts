import { TandemError } from '../errors/tandem-error.ts';
import { firstOf } from '../text/listed.ts';

export function workingFolderCommitted(files: readonly string[]): TandemError {
  return new TandemError({
    code: 'working-folder-committed',
    message: `git tracks ${firstOf(files, 1)}: what Tandem keeps in .tandem for itself would come from whoever commits`,
    next: 'look at what it holds, then `git rm -r --cached .tandem`, put `.tandem/` into .gitignore and commit both',
    details: { files: files.slice(0, 20) },
  });
}

/** @param code what would have run: "the code of 0123456789", "stacks/custom/reports.ts" */
export function foreignCode(code: string, why: string): TandemError {
  return new TandemError({
    code: 'foreign-code',
    message: `${code} is not run: ${why}`,
    next: 'read it first; then set TANDEM_ALLOW_FOREIGN_CODE=1 in your own environment and run again',
    details: { code },
  });
}
