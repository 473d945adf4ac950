import { readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { ABANDONED_DRAFT, writeFileAtomic } from '../fs/files.ts';
import { digestOf } from '../stack/synthesized.ts';

/** What synthesis makes of one stack, as text: citations are parsed only where they are asked for. */
export interface ArtefactText {
  readonly text: string;
  /** `sha256:…` of the text. */
  readonly digest: string;
  /** JSON: citations by resource address. */
  readonly citations: string;
}

interface Header {
  readonly format: 'tandem.artefact/1';
  readonly key: string;
  readonly digest: string;
  readonly citations: string;
  readonly length: number;
}

const DAY = 24 * 3600 * 1000;

/**
 * Artefacts by the hash of everything that they were made from. An entry is believed only if it names the key that it is read for
 * and its content has the digests that it names; anything else is as if it were not there. Safe for several processes at once:
 * entries appear whole, by a rename. Never the only place of anything: it can be deleted at any time.
 */
export class ArtefactCache {
  readonly #folder: string;
  readonly #maximumBytes: number;

  /** @param folder is made when first written to. @param maximumBytes `prune` removes the least recently used above this */
  constructor(folder: string, maximumBytes: number = 512 * 1024 * 1024) {
    this.#folder = folder;
    this.#maximumBytes = maximumBytes;
  }

  get folder(): string {
    return this.#folder;
  }

  read(key: string): ArtefactText | undefined {
    const file = this.#fileOf(key);
    const content = readIfThere(file);
    const found = content === undefined ? undefined : decode(content, key);
    if (found !== undefined) touch(file);
    return found;
  }

  write(key: string, artefact: ArtefactText): void {
    const file = this.#fileOf(key);
    const header: Header = {
      format: 'tandem.artefact/1',
      key,
      digest: artefact.digest,
      citations: digestOf(artefact.citations),
      length: artefact.text.length,
    };
    writeFileAtomic(file, `${JSON.stringify(header)}\n${artefact.text}${artefact.citations}`, { durable: false });
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

function decode(content: string, key: string): ArtefactText | undefined {
  const end = content.indexOf('\n');
  const header = parseHeader(content.slice(0, end));
  if (header?.format !== 'tandem.artefact/1' || header.key !== key) return undefined;
  const text = content.slice(end + 1, end + 1 + header.length);
  const citations = content.slice(end + 1 + header.length);
  if (digestOf(text) !== header.digest || digestOf(citations) !== header.citations) return undefined;
  return { text, digest: header.digest, citations };
}

function parseHeader(line: string): Header | undefined {
  try {
    return JSON.parse(line) as Header;
  } catch {
    return undefined;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
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
