import { createHmac, randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeOwnFolder, openNoFollow } from './trusted.ts';
import { userFolder } from './user-folders.ts';

const BYTES = 32;
const keys = new Map<string, Buffer | undefined>();

/**
 * A secret of this user on this machine, by which Tandem knows what it wrote itself: `tandem/machine.key` in the user's state folder,
 * mode 0600, made at the first use. Undefined where no such folder can be had: then nothing written earlier is believed.
 */
export function machineKey(environment: NodeJS.ProcessEnv): Buffer | undefined {
  const folder = userFolder('state', environment);
  if (folder === undefined) return undefined;
  if (!keys.has(folder)) keys.set(folder, readOrMake(folder));
  return keys.get(folder);
}

/** The code that proves, to whoever has the key, that this user wrote these parts. Hexadecimal. */
export function authenticate(key: Buffer, parts: readonly string[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:`).update(part);
  return hmac.digest('hex');
}

function readOrMake(folder: string): Buffer | undefined {
  const file = join(folder, 'machine.key');
  try {
    makeOwnFolder(folder);
    return read(file) ?? make(file);
  } catch {
    return undefined;
  }
}

/** Undefined where it is not there, or others may have read it. */
function read(file: string): Buffer | undefined {
  let handle: number;
  try {
    handle = openNoFollow(file, constants.O_RDONLY);
  } catch {
    return undefined;
  }
  try {
    const { uid, mode } = fstatSync(handle);
    if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o077) !== 0)) return undefined;
    const key = readFileSync(handle);
    return key.length === BYTES ? key : undefined;
  } finally {
    closeSync(handle);
  }
}

/** By a link, which fails where another process was first: then that one's is the key. */
function make(file: string): Buffer | undefined {
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, randomBytes(BYTES), { mode: 0o600, flag: 'wx' });
    // What is there now was not fit to be the key.
    if (read(file) === undefined) rmSync(file, { force: true });
    try {
      linkSync(draft, file);
    } catch {
      // Another process made it meanwhile.
    }
    return read(file);
  } finally {
    rmSync(draft, { force: true });
  }
}
