import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { onFile } from '../../fs/fault.ts';
import { isMissing, syncFolder, writeFileAtomic } from '../../fs/files.ts';
import {
  type BackupFile,
  type BackupManifest,
  FILE_NAMES,
  manifestSchema,
} from '../../private-cloud/backup/manifest.ts';

const MANIFEST = 'manifest.json';
/** A folder that is being filled; one that was left is emptied by the next backup of its name. */
const PARTIAL = '.partial-';

/** The backups of one cloud in a folder of the deployment host, each in a folder of its own; what has no whole manifest is none. */
export class BackupStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Oldest first. */
  list(): BackupManifest[] {
    const names = existsSync(this.folder) ? readdirSync(this.folder).sort() : [];
    return names.flatMap((name) => {
      const manifest = this.#read(name);
      return manifest?.id === name ? [manifest] : [];
    });
  }

  #read(name: string): BackupManifest | undefined {
    try {
      return manifestSchema.safeParse(JSON.parse(readFileSync(join(this.folder, name, MANIFEST), 'utf8'))).data;
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOTDIR')
        return undefined;
      throw error;
    }
  }

  /** Begins a backup anew, whatever an earlier run left of it. */
  begin(id: string): void {
    const partial = this.#partial(id);
    onFile(partial, () => {
      rmSync(partial, { recursive: true, force: true });
      mkdirSync(this.folder, { recursive: true, mode: 0o711 });
      mkdirSync(partial, { mode: 0o700 });
    });
  }

  /** Writes an encrypted file of a backup that was begun, to the disk. */
  async add(id: string, holds: BackupFile['holds'], sealed: ReadableStream<Uint8Array>): Promise<BackupFile> {
    const name = FILE_NAMES[holds];
    const hash = createHash('sha256');
    let bytes = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    const file = createWriteStream(join(this.#partial(id), name), { mode: 0o600, flags: 'wx', flush: true });
    await pipeline(Readable.fromWeb(sealed as WebStream), counted, file);
    return { name, holds, bytes, sha256: hash.digest('hex') };
  }

  /** From here on it is a backup. */
  finish(manifest: BackupManifest): void {
    const partial = this.#partial(manifest.id);
    writeFileAtomic(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    onFile(partial, () => renameSync(partial, join(this.folder, manifest.id)));
    syncFolder(this.folder);
  }

  remove(id: string): void {
    // Its manifest first: a backup that is half removed is none.
    rmSync(join(this.folder, id, MANIFEST), { force: true });
    rmSync(join(this.folder, id), { recursive: true, force: true });
  }

  open(id: string, { name }: BackupFile): ReadableStream<Uint8Array> {
    return Readable.toWeb(createReadStream(join(this.folder, id, name))) as ReadableStream<Uint8Array>;
  }

  /** What of a backup is not as its manifest says; empty where all is. Reads every byte. */
  async check({ id, files }: BackupManifest): Promise<string[]> {
    const problems: string[] = [];
    for (const file of files) {
      const path = join(this.folder, id, file.name);
      const size = existsSync(path) ? statSync(path).size : undefined;
      if (size === undefined) problems.push(`${file.name} is missing`);
      else if (size !== file.bytes) problems.push(`${file.name} has ${size} bytes instead of ${file.bytes}`);
      else if ((await sha256(path)) !== file.sha256) problems.push(`${file.name} was changed`);
    }
    return problems;
  }

  /** Others may read what holds no secret, so that a monitor can; the folder shows them no other name. */
  writeMetrics(name: string, content: string): void {
    const file = join(this.folder, name);
    onFile(file, () => {
      mkdirSync(this.folder, { recursive: true, mode: 0o711 });
      writeFileAtomic(file, content);
      chmodSync(file, 0o644);
    });
  }

  #partial(id: string): string {
    return join(this.folder, `${PARTIAL}${id}`);
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
