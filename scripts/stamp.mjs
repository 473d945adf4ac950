/**
 * Stamps say what an installed or generated folder was made from. A folder is good as long as its stamp is
 * the one its sources give now; it holds its own stamp, so whoever removes the folder removes the stamp.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const bindings = 'packages/provider-openstack';
const agent = 'packages/worker-agent';

/** @param {string} root */
export const pathsOf = (root) => ({
  lockFile: join(root, 'package-lock.json'),
  dependencies: join(root, 'node_modules/.tandem-stamp'),
  bindings: join(root, bindings, 'lib/.stamp'),
  agent: join(root, agent, 'dist/.stamp'),
  node: join(root, 'node_modules/.bin/node'),
  compileCache: join(root, 'node_modules/.cache/compile'),
});

/**
 * One hash over named contents; order matters, and no two lists of parts give the same input.
 * @param {readonly (string | Buffer)[]} parts
 */
export function stampOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

/**
 * What `node_modules` must be stamped with: the lock file, for this platform's binaries.
 * @param {string | Buffer} lockFile
 * @param {{ platform: string, arch: string }} machine
 */
export const dependencyStamp = (lockFile, machine) => stampOf([lockFile, machine.platform, machine.arch]);

/**
 * What the bindings must be stamped with: schemas, list, generator, and the versions that the lock file pins.
 * @param {string} root
 * @param {string | Buffer} lockFile
 */
function bindingStamp(root, lockFile) {
  const made = new Set(['reduced.json']);
  const files = ['schema', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, bindings, folder))
      .filter((name) => !made.has(name))
      .sort()
      .map((name) => `${folder}/${name}`),
  );
  const contents = ['resources.json', ...files].flatMap((file) => [file, readFileSync(join(root, bindings, file))]);
  return stampOf([lockFile, ...contents]);
}

/**
 * What the bundled worker agent must be stamped with: its sources, how they are bundled, and the versions that the lock file pins.
 * @param {string} root
 * @param {string | Buffer} lockFile
 */
function agentStamp(root, lockFile) {
  const files = ['src', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, agent, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.m?ts$/.test(name))
      .sort()
      .map((name) => `${folder}/${name}`),
  );
  return stampOf([
    lockFile,
    ...['package.json', ...files].flatMap((file) => [file, readFileSync(join(root, agent, file))]),
  ]);
}

/**
 * Whether each part is as its sources want it, and the stamps that say so.
 * @param {string} root
 */
export function inspect(root) {
  const paths = pathsOf(root);
  const lockFile = readFileSync(paths.lockFile);
  const wanted = {
    dependencies: dependencyStamp(lockFile, process),
    bindings: bindingStamp(root, lockFile),
    agent: agentStamp(root, lockFile),
  };
  return {
    wanted,
    dependencies: read(paths.dependencies) === wanted.dependencies && isExecutable(paths.node),
    bindings: read(paths.bindings) === wanted.bindings,
    agent: read(paths.agent) === wanted.agent,
  };
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
