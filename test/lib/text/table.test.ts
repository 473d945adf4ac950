import { describe, expect, it } from 'vitest';
import { table } from '../../../lib/text/table.ts';
import { wrap } from '../../../lib/text/wrap.ts';

describe('table', () => {
  it('has columns as wide as they need to be, numbers to the right, nothing at the end of a line', () => {
    expect(
      table(
        [
          ['anna', '9.50', 'active'],
          ['bo', '12.00', ''],
        ],
        { head: ['NAME', 'EUR', 'STATE'] },
      ),
    ).toEqual(['NAME    EUR  STATE', 'anna   9.50  active', 'bo    12.00']);
  });

  it('measures what a terminal shows: wide letters are two columns, colors none', () => {
    expect(
      table([
        ['東京', 'a'],
        ['\u001b[31mred\u001b[39m', 'b'],
        ['four', 'c'],
      ]),
    ).toEqual(['東京  a', '\u001b[31mred\u001b[39m   b', 'four  c']);
  });

  it('stands to the right where it is told, and further in', () => {
    expect(
      table(
        [
          ['a', '-'],
          ['b', '1.0'],
        ],
        { right: [1], indent: 2 },
      ),
    ).toEqual(['  a    -', '  b  1.0']);
  });

  it('leaves out a column without a head or a cell', () => {
    expect(
      table([
        ['a', '', 'new', ''],
        ['bo', '', 'old', ''],
      ]),
    ).toEqual(['a   new', 'bo  old']);
    expect(table([['a', '', '1']], { head: ['NAME', 'NOTE', 'COUNT'] })).toEqual([
      'NAME  NOTE  COUNT',
      'a               1',
    ]);
  });

  it('is nothing without rows and header', () => {
    expect(table([])).toEqual([]);
  });
});

describe('wrap', () => {
  it('breaks between words and indents what follows', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', '  three', '  four']);
  });

  it('lets a word that is too long stand out', () => {
    expect(wrap('openstack/paris/dev/anna is new', 10)).toEqual(['openstack/paris/dev/anna', '  is new']);
  });

  it('counts wide letters twice', () => {
    expect(wrap('東京 大阪', 7)).toEqual(['東京', '  大阪']);
  });
});
