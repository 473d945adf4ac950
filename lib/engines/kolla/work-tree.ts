import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { requireNoLinks } from '../../fs/trusted.ts';
import { secretFilesIn } from '../../private-cloud/kolla/secret-files.ts';
import { partsOf } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { workFolder } from '../work-folder.ts';
import { kollaNoSecrets, kollaSecrets } from './errors.ts';
import { filesIn, globalsOf } from './read-tree.ts';
import { inspectSecrets } from './secrets.ts';

/**
 * Puts a stack's tree where kolla-ansible runs, with links to the operator's secrets: kolla-ansible reads passwords.yml in its
 * configuration folder whatever `--passwords` says (22.2.0). Certificates and keyrings are looked at first; nothing of them is kept.
 * @param at - When certificates must hold; null: what is run reads none, and a database comes back whatever they say
 * @throws TandemError `kolla-no-secrets`, `kolla-secrets`
 */
export function fillWorkTree(
  root: string,
  stack: Pick<SynthesizedStack, 'id' | 'text'>,
  secrets: string,
  at: Date | null = new Date(),
): string {
  if (!existsSync(join(secrets, 'passwords.yml'))) throw kollaNoSecrets(stack.id, secrets);
  const faults = at === null ? [] : faultsInSecrets(stack, secrets, at);
  if (faults.length > 0) throw kollaSecrets(stack.id, partsOf(stack.id).owner, secrets, faults);
  const folder = join(workFolder(root, stack.id), 'tree');
  requireNoLinks(root, folder);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [path, content] of Object.entries(filesIn(stack.text))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, path), content, { mode: 0o600 });
  }
  symlinkSync(join(secrets, 'passwords.yml'), join(folder, 'passwords.yml'));
  if (existsSync(join(secrets, 'certificates')))
    symlinkSync(join(secrets, 'certificates'), join(folder, 'certificates'));
  linkBelow(join(secrets, 'config'), join(folder, 'config'));
  return folder;
}

/** What is wrong with the certificates and keyrings that a stack's services read, each a clause that begins with a path. */
export function faultsInSecrets({ text }: Pick<SynthesizedStack, 'text'>, secrets: string, at: Date): string[] {
  const wanted = secretFilesIn(globalsOf(filesIn(text)));
  return inspectSecrets(secrets, wanted, at).flatMap((each) => each.faults);
}

/** Links every file of the secrets' own `config/` that the tree does not write itself. */
function linkBelow(from: string, to: string): void {
  if (!existsSync(from)) return;
  for (const name of readdirSync(from).sort()) {
    const [source, target] = [join(from, name), join(to, name)];
    if (statSync(source).isDirectory()) {
      mkdirSync(target, { recursive: true, mode: 0o700 });
      linkBelow(source, target);
    } else if (!existsSync(target)) symlinkSync(source, target);
  }
}
