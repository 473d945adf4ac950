import { timingSafeEqual } from 'node:crypto';
import { lstatSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { ABANDONED_DRAFT, readIfThere, writeFileAtomic } from '../fs/files.ts';
import { authenticate, machineKey } from '../fs/machine-key.ts';
import { requireNoLinks } from '../fs/trusted.ts';
import { digestOf } from '../stack/synthesized.ts';
import { jsonIn } from '../text/json.ts';

/** What synthesis makes of one stack, as text: citations are parsed only where they are asked for. */
export interface ArtefactText {
  readonly text: string;
  /** `sha256:…` of the text. */
  readonly digest: string;
  /** JSON: citations by resource address. */
  readonly citations: string;
}

interface Header {
  readonly format: 'tandem.artefact/3';
  readonly key: string;
  readonly digest: string;
  readonly length: number;
  /** Over all the others, and so over the text by its digest, and the citations, with the key of this user on this machine. */
  readonly code: string;
}

const DAY = 24 * 3600 * 1000;

/**
 * Artefacts by the hash of everything that they were made from. An entry is believed only if this user wrote it on this machine, for the
 * key that it is read for, which the code in its header proves; anything else, as what a commit or an archive brought along, is as if it
 * were not there. Safe for several processes at once: entries appear whole, by a rename. Never the only place of anything: it can be
 * deleted at any time.
 */
export class ArtefactCache {
  readonly #folder: string;
  readonly #secret: Buffer | undefined;
  readonly #maximumBytes: number;

  /**
   * @param folder is made when first written to. @param secret of this user on this machine; without one nothing is kept
   * @param maximumBytes `prune` removes the least recently used above this
   */
  constructor(folder: string, secret: Buffer | undefined, maximumBytes: number = 512 * 1024 * 1024) {
    this.#folder = folder;
    this.#secret = secret;
    this.#maximumBytes = maximumBytes;
  }

  read(key: string): ArtefactText | undefined {
    if (this.#secret === undefined) return undefined;
    const file = this.#fileOf(key);
    const content = readable(file);
    const found = content === undefined ? undefined : decode(content, key, this.#secret);
    if (found !== undefined) touch(file);
    return found;
  }

  write(key: string, { text, digest, citations }: ArtefactText): void {
    if (this.#secret === undefined) return;
    const facts = { format: 'tandem.artefact/3', key, digest, length: text.length } as const;
    const header: Header = { ...facts, code: codeOf(this.#secret, facts, citations) };
    const file = this.#fileOf(key);
    requireNoLinks(this.#folder, file);
    try {
      writeFileAtomic(file, `${JSON.stringify(header)}\n${text}${citations}`, { durable: false });
    } catch {
      // A full or read-only disk costs time, nothing else: the artefact is made again.
    }
  }

  /** Removes the least recently used entries above the size, and what a killed process left half-written. */
  prune(now: number = Date.now()): void {
    const entries = this.#entries();
    let bytes = entries.reduce((sum, entry) => sum + entry.size, 0);
    for (const entry of entries.sort((a, b) => a.used - b.used)) {
      const abandoned = ABANDONED_DRAFT.test(entry.file) && now - entry.used > DAY;
      if (!abandoned && bytes <= this.#maximumBytes) continue;
      rmSync(entry.file, { force: true });
      bytes -= entry.size;
    }
  }

  #entries(): { file: string; size: number; used: number }[] {
    const entries: { file: string; size: number; used: number }[] = [];
    for (const name of namesIn(this.#folder)) {
      // What a link leads to is somebody else's, and not to be removed.
      if (lstatSync(join(this.#folder, name)).isSymbolicLink()) continue;
      for (const inner of namesIn(join(this.#folder, name))) {
        const file = join(this.#folder, name, inner);
        const stat = statSync(file, { throwIfNoEntry: false });
        if (stat?.isFile() === true) entries.push({ file, size: stat.size, used: stat.mtimeMs });
      }
    }
    return entries;
  }

  #fileOf(key: string): string {
    const hex = key.replace(/^sha256:/, '');
    return join(this.#folder, hex.slice(0, 2), hex.slice(2));
  }
}

/** The cache of a project; it keeps nothing where this user has no folder for a key. @throws TandemError `link-not-followed` */
export function cacheOf(root: string): ArtefactCache {
  const folder = join(root, '.tandem', 'cache', 'artefacts');
  requireNoLinks(root, folder);
  return new ArtefactCache(folder, machineKey(process.env));
}

function decode(content: string, key: string, secret: Buffer): ArtefactText | undefined {
  const end = content.indexOf('\n');
  const header = jsonIn(content.slice(0, end)) as Header | undefined;
  if (header?.format !== 'tandem.artefact/3' || header.key !== key) return undefined;
  const text = content.slice(end + 1, end + 1 + header.length);
  const citations = content.slice(end + 1 + header.length);
  if (!isSame(codeOf(secret, header, citations), header.code) || digestOf(text) !== header.digest) return undefined;
  return { text, digest: header.digest, citations };
}

function codeOf(secret: Buffer, facts: Omit<Header, 'code'>, citations: string): string {
  return authenticate(secret, [facts.format, facts.key, facts.digest, String(facts.length), citations]);
}

/** In the same time whatever differs. */
function isSame(expected: string, given: unknown): boolean {
  if (typeof given !== 'string' || given.length !== expected.length) return false;
  return timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}

/** What cannot be read is made again. */
function readable(file: string): string | undefined {
  try {
    return readIfThere(file);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Notes the use, once a day: `prune` goes by it. */
function touch(file: string): void {
  const now = new Date();
  try {
    if (now.getTime() - statSync(file).mtimeMs > DAY) utimesSync(file, now, now);
  } catch {
    // Another process pruned it meanwhile; what was read is whole.
  }
}
