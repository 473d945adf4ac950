import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { requireNoLinks } from '../../fs/trusted.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { workFolder } from '../work-folder.ts';
import { kollaNoSecrets } from './errors.ts';

/**
 * Puts a stack's tree where kolla-ansible runs, with links to the operator's secrets: kolla-ansible reads passwords.yml in its
 * configuration folder whatever `--passwords` says (22.2.0). Tandem reads none of them.
 * @throws TandemError `kolla-no-secrets`
 */
export function fillWorkTree(root: string, stack: SynthesizedStack, secrets: string): string {
  if (!existsSync(join(secrets, 'passwords.yml'))) throw kollaNoSecrets(stack.id, secrets);
  const folder = join(workFolder(root, stack.id), 'tree');
  requireNoLinks(root, folder);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = JSON.parse(stack.text) as Readonly<Record<string, string>>;
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, path), content, { mode: 0o600 });
  }
  symlinkSync(join(secrets, 'passwords.yml'), join(folder, 'passwords.yml'));
  if (existsSync(join(secrets, 'certificates')))
    symlinkSync(join(secrets, 'certificates'), join(folder, 'certificates'));
  linkBelow(join(secrets, 'config'), join(folder, 'config'));
  return folder;
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
