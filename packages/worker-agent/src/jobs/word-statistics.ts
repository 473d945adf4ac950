import type { Documents } from './documents.ts';

export interface WordStatistics {
  readonly documents: number;
  readonly words: number;
  readonly distinct: number;
  readonly longest: string;
  /** The most frequent ones; of equally frequent ones, the first in the alphabet. */
  readonly most: readonly { readonly word: string; readonly count: number }[];
}

interface WordJob {
  readonly documents?: readonly string[];
  readonly prefix?: string;
  readonly top?: number;
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;

/** Counts the words of documents: those that the job lists, or all below its prefix. */
export async function wordStatistics(job: unknown, documents: Documents): Promise<WordStatistics> {
  const { names, top } = await understand(job, documents);
  const counts = new Map<string, number>();
  for (const name of names) await count(documents.read(name), counts);
  let [words, longest] = [0, ''];
  for (const [word, times] of counts) {
    words += times;
    if (word.length > longest.length || (word.length === longest.length && word < longest)) longest = word;
  }
  const most = [...counts]
    .map(([word, times]) => ({ word, count: times }))
    .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
    .slice(0, top);
  return { documents: names.length, words, distinct: counts.size, longest, most };
}

async function understand(job: unknown, documents: Documents): Promise<{ names: readonly string[]; top: number }> {
  const { documents: listed, prefix, top = 20 } = job as WordJob;
  if (typeof prefix === 'string') return { names: await documents.list(prefix), top };
  if (Array.isArray(listed) && listed.every((name) => typeof name === 'string')) return { names: listed, top };
  throw new Error('the job names no documents; it takes a list `documents`, or a `prefix`');
}

/** Line by line, so that a large document is never whole in memory, and no word is cut by a piece's end. */
async function count(pieces: AsyncIterable<Uint8Array>, counts: Map<string, number>): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) tally(line, counts);
  }
  tally(rest + decoder.decode(), counts);
}

function tally(line: string, counts: Map<string, number>): void {
  for (const [word] of line.toLowerCase().matchAll(WORD)) counts.set(word, (counts.get(word) ?? 0) + 1);
}
