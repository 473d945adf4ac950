import { TandemError } from '../errors/tandem-error.ts';

export function workingFolderCommitted(files: readonly string[]): TandemError {
  const [first = '.tandem'] = files;
  const rest = files.length > 1 ? `, and ${files.length - 1} more` : '';
  return new TandemError({
    code: 'working-folder-committed',
    message: `git tracks ${first}${rest}: what Tandem keeps in .tandem for itself would come from whoever commits`,
    next: 'look at what it holds, then `git rm -r --cached .tandem`, put `.tandem/` into .gitignore and commit both',
    details: { files: files.slice(0, 20) },
  });
}
