import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentHash, hashOfParts } from '../../../lib/stack/content-hash.ts';
import { digestOf } from '../../../lib/stack/synthesized.ts';
import { ArtefactCache } from '../../../lib/synthesis/artefact-cache.ts';

const key = contentHash('key');
const secret = Buffer.alloc(32, 1);
const artefact = { text: '{"resource":{"ä":1}}', digest: digestOf('{"resource":{"ä":1}}'), citations: '{"a":[]}' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function entry(of: string = key): string {
  const hex = of.slice('sha256:'.length);
  return join(folder, hex.slice(0, 2), hex.slice(2));
}

describe('the cache of artefacts', () => {
  it('gives back what was written under a key, and nothing under another', () => {
    const cache = new ArtefactCache(folder, secret);
    cache.write(key, artefact);
    expect(cache.read(key)).toEqual(artefact);
    expect(cache.read(contentHash('other'))).toBeUndefined();
  });

  it.each([
    ['truncated', () => truncateSync(entry(), readFileSync(entry()).length - 3)],
    ['empty', () => truncateSync(entry(), 0)],
    ['cut inside its header', () => truncateSync(entry(), 20)],
    ['corrupted in its text', () => patch('resource', 'resourcf')],
    ['corrupted in its citations', () => patch('"a":[]', '"b":[]')],
    ['of another format', () => patch('tandem.artefact/3', 'tandem.artefact/2')],
    ['no text at all', () => writeFileSync(entry(), Buffer.from([0xff, 0xfe, 0, 10, 1]))],
  ])('does not believe an entry that is %s', (_, damage) => {
    const cache = new ArtefactCache(folder, secret);
    cache.write(key, artefact);
    damage();
    expect(cache.read(key)).toBeUndefined();
    cache.write(key, artefact);
    expect(cache.read(key)).toEqual(artefact);
  });

  it('does not believe an entry that names another key', () => {
    const cache = new ArtefactCache(folder, secret);
    const other = contentHash('other');
    cache.write(key, artefact);
    cache.write(other, { ...artefact, text: '{}', digest: digestOf('{}') });
    writeFileSync(entry(key), readFileSync(entry(other)));
    expect(cache.read(key)).toBeUndefined();
  });

  it('does not believe an entry of another user or machine, and keeps none without a key of its own', () => {
    new ArtefactCache(folder, Buffer.alloc(32, 2)).write(key, artefact);
    expect(new ArtefactCache(folder, secret).read(key)).toBeUndefined();
    const without = new ArtefactCache(folder, undefined);
    expect(without.read(key)).toBeUndefined();
    rmSync(folder, { recursive: true });
    without.write(key, artefact);
    expect(existsSync(folder)).toBe(false);
  });

  it('writes through no link, and removes nothing behind one', () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'thesis'), 'x'.repeat(1000));
    const own = join(folder, 'cache');
    const cache = new ArtefactCache(own, secret, 10);
    mkdirSync(own);
    symlinkSync(elsewhere, join(own, key.slice(7, 9)));
    expect(() => cache.write(key, artefact)).toThrow('is a symbolic link');
    cache.prune();
    expect(readdirSync(elsewhere)).toEqual(['thesis']);
  });

  it('leaves no half-written entry, and removes those that others left', () => {
    const cache = new ArtefactCache(folder, secret);
    cache.write(key, artefact);
    const left = `${entry()}.4242-0a1b2c3d`;
    writeFileSync(left, 'half');
    utimesSync(left, new Date(0), new Date(0));
    cache.prune();
    expect(readdirSync(join(entry(), '..'))).toEqual([entry().slice(-62)]);
    expect(cache.read(key)).toEqual(artefact);
  });

  it('removes the least recently used above its size', () => {
    const keys = ['a', 'b', 'c'].map(contentHash);
    const size = 400;
    const cache = new ArtefactCache(folder, secret, 2 * size + 100);
    keys.forEach((each, index) => {
      cache.write(each, { ...artefact, citations: JSON.stringify({ pad: 'x'.repeat(100) }) });
      utimesSync(entry(each), new Date(index * 1000), new Date(index * 1000));
    });
    cache.prune();
    expect(keys.map((each) => cache.read(each) !== undefined)).toEqual([false, true, true]);
  });
});

function patch(from: string, to: string): void {
  const text = readFileSync(entry(), 'utf8');
  expect(text).toContain(from);
  writeFileSync(entry(), text.replace(from, to));
}

describe('content hashes', () => {
  it('differ where parts differ only in where they are cut', () => {
    expect(hashOfParts(['ab', 'c'])).not.toBe(hashOfParts(['a', 'bc']));
  });

  it('are the same for a frozen value and its copy', () => {
    const value = { a: [1, { b: 2 }] };
    expect(contentHash(Object.freeze(structuredClone(value)))).toBe(contentHash(value));
  });
});
