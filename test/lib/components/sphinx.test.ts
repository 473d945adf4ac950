import { describe, expect, it } from 'vitest';
import { sphinx } from '../../../lib/components/sphinx/component.ts';
import { brokenPlaceholders, file, findings } from './rendering.ts';
import { tierInputs } from './tier-inputs.ts';

const CONFIGURATION = '/etc/sphinxsearch/sphinx.conf';

describe('sphinx', () => {
  it('asks one of the members that all have everything', () => {
    expect(file(sphinx, CONFIGURATION)).toContain(
      'index documents_all {\n  type = distributed\n  agent = @{peers|store|*|\\p|{address}:9312}:documents\n',
    );
  });

  it('asks all of the members that each have their part', () => {
    expect(file(sphinx, CONFIGURATION, { layout: 'shards', index: 'pages' })).toContain(
      'index pages_all {\n  type = distributed\n@{peers|store|*|\\n|  agent = {address}:9312:pages}\n',
    );
  });

  it('has the fields and attributes that it is told, and one attribute at least, without which an index is not served', () => {
    const attributes = { found: 'timestamp', address: 'string' };
    expect(file(sphinx, CONFIGURATION, { fields: ['body'], attributes })).toContain(
      '  rt_field = body\n  rt_attr_timestamp = found\n  rt_attr_string = address\n}\n',
    );
    expect(file(sphinx, CONFIGURATION)).toContain('  rt_field = text\n  rt_attr_uint = unused\n}\n');
  });

  it('changes numbers without a new text', () => {
    const texts = (settings: object) => sphinx.files(tierInputs(sphinx, settings));
    const tuned = { memoryMiB: 64, connectMilliseconds: 100, answerMilliseconds: 200 };
    expect(texts(tuned)).toEqual(texts({}));
    expect(sphinx.values(tierInputs(sphinx, tuned))).toEqual({ memory: '64M', connect: 100, answer: 200 });
  });

  it('fails with more memory than its flavor can give', () => {
    const [finding] = findings(sphinx, { memoryMiB: 1700 });
    expect(finding).toMatchObject({ at: ['settings', 'memoryMiB'], code: 'memory-above-flavor' });
    expect(finding?.fix).toBe('write at most 1638, or take a flavor of 4250 MiB or more');
    expect(findings(sphinx, { memoryMiB: 1638 })).toEqual([]);
  });

  it('fails with a name that two have', () => {
    expect(findings(sphinx, { fields: ['text', 'title', 'text'] })).toMatchObject([
      { at: ['settings', 'fields', 2], code: 'field-twice' },
    ]);
    expect(findings(sphinx, { attributes: { title: 'string' } })).toMatchObject([
      { at: ['settings', 'fields', 0], code: 'field-twice' },
    ]);
  });

  it('leaves nothing that a server cannot fill in', () => {
    expect(brokenPlaceholders(sphinx)).toEqual([]);
    expect(brokenPlaceholders(sphinx, { layout: 'shards' })).toEqual([]);
  });

  it.each([
    ['an index with a space', { index: 'a b' }],
    ['a field that every document has', { fields: ['id'] }],
    ['no field', { fields: [] }],
    ['an attribute of no type', { attributes: { a: 'text' } }],
    ['more memory than its counters count', { memoryMiB: 2048 }],
  ])('fails for %s', (_what, settings) => {
    expect(sphinx.settings.safeParse(settings).success).toBe(false);
  });
});
