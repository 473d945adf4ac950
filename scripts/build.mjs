/**
 * `npm pack` calls it: compiles what a package holds into `dist/`, laid out as the sources are. Node runs no TypeScript below node_modules.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fail, root } from '../bin/runtime.mjs';

const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });
if (status !== 0) fail('the sources do not compile');

// What modules read beside themselves. The lock file and the stamp are part of what the cache of artefacts is keyed by.
const data = [
  'package-lock.json',
  'docs/examples/aws/deploy-role.json',
  'packages/provider-openstack/lib/.stamp',
  'packages/provider-openstack/schema/reduced.json',
  'packages/fleet-scaler/dist',
  'packages/worker-agent/dist/worker-agent.mjs',
  'lab',
];
for (const path of data)
  cpSync(join(root, path), join(dist, path), { recursive: true, filter: (file) => !file.endsWith('.ts') });
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ type: 'module', version })}\n`);

// The bindings are a package of the workspace here, and a folder of the package there.
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !/\.(?:js|d\.ts)$/.test(entry.name)) continue;
  const up = relative(dirname(file), root);
  const text = readFileSync(file, 'utf8');
  const changed = text
    .replaceAll(
      /(['"])@cdktf\/provider-openstack\/lib\/([\w-]+)\1/g,
      `'${up}/packages/provider-openstack/lib/$2/index.js'`,
    )
    .replaceAll(
      /(['"])@cdktf\/provider-openstack\/schema\1/g,
      `'${up}/dist/packages/provider-openstack/src/schema.mjs'`,
    );
  if (changed !== text) writeFileSync(file, changed);
}
