/** `npm run docs`: writes every generated page and picture of `docs/`. Tests fail where one is stale. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './docs/generated.ts';

const root = join(import.meta.dirname, '..');
for (const [file, text] of await generatedFiles(root)) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  console.log(file);
}
