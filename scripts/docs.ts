/** `npm run docs`: writes the reference under `docs/reference/` from the schemas, and the pictures of the shipped clouds. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadAndCheck } from '../lib/config/check.ts';
import { directoryFiles } from '../lib/config/files.ts';
import { referenceFiles } from '../lib/config/reference.ts';
import { pictureFiles } from '../lib/private-cloud/diagram/pictures.ts';

const root = join(import.meta.dirname, '..');
const { project } = loadAndCheck(directoryFiles(root), new Date());
if (project === undefined) throw new Error('the shipped configuration does not load; npx tandem validate says why');
for (const [file, text] of [...referenceFiles(), ...pictureFiles(project)]) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  console.log(file);
}
