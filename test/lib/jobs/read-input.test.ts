import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Entry, type JobSource, readEntries, sourcesOf } from '../../../lib/jobs/read-input.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-read-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(content: string | Uint8Array, idPrefix = '', name = 'in.jsonl'): Promise<Entry[]> {
  const file = join(folder, name);
  writeFileSync(file, content);
  return await all([{ file, name }], idPrefix);
}

async function all(sources: readonly JobSource[], idPrefix: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of readEntries(sources, idPrefix)) entries.push(entry);
  return entries;
}

const bodies = (entries: readonly Entry[]) => entries.map(({ job }) => job?.body);
const problems = (entries: readonly Entry[]) =>
  entries.flatMap(({ where, problem }) => (problem === undefined ? [] : [`${where}: ${problem}`]));

describe('what is read as jobs', () => {
  it.each([
    ['lines', '{"id":"a"}\n{"id":"b"}\n', ['{"id":"a"}', '{"id":"b"}']],
    [
      'lines of a file from Windows, the last without an end',
      '\ufeff{"id":"a"}\r\n\r\n{"id":"b"}',
      ['{"id":"a"}', '{"id":"b"}'],
    ],
    ['an array', ' [\n {"id": "a"},\n {"id": "b", "n": 1}]', ['{"id":"a"}', '{"id":"b","n":1}']],
    ['one object over several lines', '{\n  "id": "a",\n  "n": [1,\n 2]\n}\n', ['{"id":"a","n":[1,2]}']],
    [
      'numbers as they were written',
      '{"id":"a","n":12345678901234567890,"x":1.50}',
      ['{"id":"a","n":12345678901234567890,"x":1.50}'],
    ],
    ['characters that SQS does not take', '{"id":"a","t":"\uffff"}', ['{"id":"a","t":"\\uffff"}']],
  ])('%s', async (_, content, expected) => {
    expect(bodies(await read(content))).toEqual(expected);
  });

  it('the files of a folder, by name', async () => {
    const inner = join(folder, 'night');
    mkdirSync(inner);
    for (const [name, id] of [
      ['b.json', 'b'],
      ['a.jsonl', 'a'],
      ['notes.txt', 'no job'],
    ])
      writeFileSync(join(inner, name!), `{"id":"${id!}"}`);
    expect(bodies(await all(await sourcesOf([inner]), ''))).toEqual(['{"id":"a"}', '{"id":"b"}']);
  });
});

describe('ids', () => {
  it('come from the content where there are none, the same in each run, others for equal jobs of one run', async () => {
    const text = '{"n":1}\n{"n": 1}\n{"n":2}\n';
    const ids = (await read(text)).map(({ job }) => job?.id);
    expect(ids[1]).toBe(`${ids[0]!}-2`);
    expect(new Set(ids).size).toBe(3);
    expect((await read(text)).map(({ job }) => job?.id)).toEqual(ids);
  });

  it('have the prefix, in the body as well', async () => {
    const [first, second] = await read('{"n":1,"id":"a"}\n{"n":1}', 'night.');
    expect(first?.job).toMatchObject({ id: 'night.a', body: '{"id":"night.a","n":1}' });
    expect(second?.job?.id).toMatch(/^night\.[0-9a-f]{24}$/);
  });
});

describe('what is no job is told with its place, what was received, and what to write', () => {
  it.each([
    [
      'no JSON',
      '{"id":"a"}\nbroken\n',
      /^in\.jsonl:2: got `broken`, which is not JSON \(.+\); write one JSON object a line/,
    ],
    [
      'several objects over several lines',
      '{\n"id":1}\n{\n"id":2}',
      /^in\.jsonl:1: got `\{`, which is not JSON \(.+\); write one JSON object a line \(`jq -c` does\)$/,
    ],
    ['no object', '{}\n[1,2]', /^in\.jsonl:2: got `\[1,2\]`; write a JSON object/],
    ['a number', '{}\n12345678901234567890', /^in\.jsonl:2: got `12345678901234567890`; write a JSON object/],
    ['a broken array', '[{"id":"a"},', /^in\.jsonl: got `\[\{"id":"a"\},`, which is not JSON/],
    ['an element of an array', '[{"id":"a"}, null]', /^in\.jsonl: element 2: got `null`/],
    ['an id that no key may have', '{"id":"a/b"}', /^in\.jsonl:1: got the id `"a\/b"`; write letters, digits/],
    ['an id that is a number', '{"id":7}', /^in\.jsonl:1: got the id `7`; write it as a text/],
    ['an id of two jobs', '{"id":"a"}\n\n{"id":"a","n":1}', /^in\.jsonl:3: got the id "a", which in\.jsonl:1 has too/],
    ['bytes that are no text', Uint8Array.from([0x7b, 0xff, 0x7d]), /^in\.jsonl:1: got bytes that are not UTF-8/],
    ['nesting without end', '{"a":'.repeat(1) + '['.repeat(100_000), /^in\.jsonl:1: got `\{"a":\[\[/],
  ])('%s', async (_, content, expected) => {
    expect(problems(await read(content))[0]).toMatch(expected);
  });

  it('without what a terminal would obey', async () => {
    const [problem] = problems(await read('\u001b[2Jboo'));
    expect(problem).toContain('`\\u001b[2Jboo`');
    expect(problem).not.toContain('\u001b');
  });

  it('a line without end, before it fills the memory', async () => {
    const file = join(folder, 'endless.jsonl');
    writeFileSync(file, '{}\n[');
    truncateSync(file, 300 * 1024 * 1024);
    const sources = await sourcesOf([file]);
    await expect(all(sources, '')).rejects.toMatchObject({
      code: 'line-too-long',
      message: expect.stringContaining('line 2') as string,
    });
  });

  it('a file that is not there', async () => {
    await expect(sourcesOf([join(folder, 'nothing')])).rejects.toMatchObject({ code: 'cannot-read-jobs' });
  });
});
