/**
 * Whether a checkout is ready to run: dependencies as package-lock.json says, generated folders as their sources say. Costs some
 * milliseconds, and changes nothing.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_PACKAGES } from '../bin/runtime.mjs';

/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean }} LockEntry */

/**
 * Folders that a script makes from sources. The stamp inside such a folder says what it was made from; whoever removes the folder removes
 * the stamp.
 */
export const GENERATED = [
  {
    name: 'the package of OpenStack bindings',
    folder: 'packages/provider-openstack',
    sources: ['resources.json', 'schema', 'scripts'],
    script: 'scripts/generate.mts',
    stamp: 'lib/.stamp',
  },
  {
    name: 'the bundle of the worker agent',
    folder: 'packages/worker-agent',
    sources: ['package.json', 'src', 'scripts'],
    script: 'scripts/build.mts',
    stamp: 'dist/.stamp',
  },
  {
    name: 'the bundle of the fleet scaler',
    folder: 'packages/fleet-scaler',
    sources: ['package.json', 'src', 'scripts'],
    script: 'scripts/build.mts',
    stamp: 'dist/.stamp',
  },
];

/** Made by the generator among its sources. */
const MADE = new Set(['schema/reduced.json']);

/**
 * What is not as it should be, for people; empty where all is ready.
 * @param {string} root
 */
export function missing(root) {
  if (!isInstalled(root)) return ['node_modules is not what package-lock.json says'];
  return GENERATED.filter((each) => !isGenerated(root, each)).map(({ name }) => `${name} must be made anew`);
}

/**
 * Whether npm installed what package-lock.json says, by the list that npm keeps of what it installed.
 * @param {string} root
 */
export function isInstalled(root) {
  const found = packagesIn(join(root, 'node_modules/.package-lock.json'));
  return found !== undefined && isSameInstall(packagesIn(join(root, 'package-lock.json')) ?? {}, found, process);
}

/**
 * Optional packages may be absent: they are other platforms'. This platform's Node may not.
 * @param {Record<string, LockEntry>} wanted
 * @param {Record<string, LockEntry>} found
 * @param {{ platform: string, arch: string }} machine
 */
export function isSameInstall(wanted, found, { platform, arch }) {
  const node = `node_modules/${NODE_PACKAGES[`${platform}-${arch}`]}`;
  if (node in wanted && !(node in found)) return false;
  return Object.entries(wanted).every(([path, { version, integrity, link, optional }]) => {
    const installed = found[path];
    if (path === '') return true;
    if (installed === undefined) return optional === true;
    return link === true || (installed.version === version && installed.integrity === integrity);
  });
}

/**
 * @param {string} root
 * @param {typeof GENERATED[number]} generated
 */
export const isGenerated = (root, generated) =>
  read(join(root, generated.folder, generated.stamp)) === `${stampOf(root, generated)}\n`;

/**
 * One hash over the sources, the generator, and the versions that the lock file pins.
 * @param {string} root
 * @param {typeof GENERATED[number]} generated
 */
export function stampOf(root, { folder, sources }) {
  const hash = createHash('sha256');
  const add = (/** @type {string} */ name, /** @type {Buffer} */ content) =>
    hash.update(`${name}:${content.length}:`).update(content);
  add('package-lock.json', readFileSync(join(root, 'package-lock.json')));
  for (const file of sources.flatMap((source) => filesOf(join(root, folder), source)))
    add(file, readFileSync(join(root, folder, file)));
  return hash.digest('hex');
}

/**
 * A file, or all below a folder, relative to `home`.
 * @param {string} home
 * @param {string} path
 * @returns {string[]}
 */
function filesOf(home, path) {
  if (!statSync(join(home, path)).isDirectory()) return MADE.has(path) ? [] : [path];
  return readdirSync(join(home, path))
    .sort()
    .flatMap((name) => filesOf(home, `${path}/${name}`));
}

/**
 * @param {string} file
 * @returns {Record<string, LockEntry> | undefined}
 */
function packagesIn(file) {
  const text = read(file);
  return text === undefined ? undefined : JSON.parse(text).packages;
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
