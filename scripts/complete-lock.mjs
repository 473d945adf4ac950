/**
 * npm leaves a platform's optional package out of the lock file where its registry does not have it, and then `npm ci` refuses the
 * file that npm wrote. The packages that publish one binary a platform name it in the package, so the entries can be restored.
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** @typedef {{ version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string> }} LockEntry */

/**
 * Adds what is missing to the lock file in place; returns the names added.
 * @param {string} file
 */
export function completeLock(file) {
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingPlatforms(lock.packages);
  const added = Object.keys(missing);
  if (added.length > 0) {
    const entries = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'));
    writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
  }
  return added;
}

/**
 * Lock entries for the platform packages that some package wants at one exact version and the lock lacks.
 * @param {Record<string, LockEntry>} packages
 * @returns {Record<string, LockEntry>}
 */
export function missingPlatforms(packages) {
  /** @type {Record<string, LockEntry>} */
  const missing = {};
  for (const wanting of Object.values(packages)) {
    for (const [name, version] of Object.entries(wanting.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      const platform = platformOf(name);
      if (platform === undefined || !/^\d+\.\d+\.\d+/.test(version) || path in packages) continue;
      missing[path] = { version, ...platform, ...(wanting.dev ? { dev: true } : {}), optional: true };
    }
  }
  return missing;
}

/**
 * `@x/cli-linux-x64-musl` -> `{ os: ['linux'], cpu: ['x64'], libc: ['musl'] }`.
 * @param {string} name
 * @returns {Pick<LockEntry, 'os' | 'cpu' | 'libc'> | undefined}
 */
export function platformOf(name) {
  const pattern =
    /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x)(?:-(\w+))?$/;
  const [, os, cpu, abi = ''] = pattern.exec(name) ?? [];
  if (os === undefined || cpu === undefined) return undefined;
  const libc = os !== 'linux' ? undefined : abi.startsWith('musl') ? 'musl' : 'glibc';
  return { cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }), os: [os] };
}
