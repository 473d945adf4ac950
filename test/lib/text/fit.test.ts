import { describe, expect, it } from 'vitest';
import { cut, fit } from '../../../lib/text/fit.ts';
import { table } from '../../../lib/text/table.ts';

describe('prose', () => {
  it('is as it was where it fits', () => {
    expect(fit('one two\n\n  three   four\n', 12)).toBe('one two\n\n  three   four\n');
  });

  it('is broken between words, and goes on further in', () => {
    expect(fit('alpha beta gamma delta epsilon\nshort', 20)).toBe('alpha beta gamma\n  delta epsilon\nshort');
    expect(fit('    alpha beta gamma delta', 20)).toBe('    alpha beta\n      gamma delta');
    expect(fit('alpha beta gamma delta epsilon', 20, 0)).toBe('alpha beta gamma\ndelta epsilon');
  });

  it('keeps commands and options whole', () => {
    expect(fit('write it by `tandem env show` then', 24)).toBe('write it by\n  `tandem env show` then');
    expect(fit('tandem plan all [--base REV] [--ids ID[,ID]]', 26)).toBe(
      'tandem plan all\n  [--base REV]\n  [--ids ID[,ID]]',
    );
    const command = '   control-1$ kolla-ansible deploy --limit control-1,control-2';
    expect(fit(command, 30)).toBe(command);
  });

  it('keeps its colour on each line', () => {
    const lines = fit('\u001b[31malpha beta gamma delta epsilon\u001b[39m', 20).split('\n');
    expect(lines).toEqual(['\u001b[31malpha beta gamma\u001b[39m', '  \u001b[31mdelta epsilon\u001b[39m']);
  });
});

describe('a table', () => {
  it('breaks the cells of its widest columns, and numbers stay to the right', () => {
    const lines = table(
      [
        ['anna', '9.50', 'a server of hers is down'],
        ['bo', '12.00', 'well'],
      ],
      { head: ['NAME', 'EUR', 'STATE'] },
    );
    expect(fit(`a title of it\n${lines.join('\n')}\nno row`, 25).split('\n')).toEqual([
      'a title of it',
      'NAME    EUR  STATE',
      'anna   9.50  a server of',
      '             hers is down',
      'bo    12.00  well',
      'no row',
    ]);
  });

  it('breaks between short words before it breaks a long one', () => {
    const rows = [['host monitoring-a-1', 'ovn-gateway, east-west', '81 of 81']];
    expect(fit(table(rows).join('\n'), 36).split('\n')).toEqual([
      'host            ovn-gateway,  81 of',
      'monitoring-a-1  east-west     81',
    ]);
  });

  it('breaks words where nothing else is left', () => {
    const id = 'i-0123456789abcdef0';
    const text = fit(table([[id, `${id} ${id}`, id]]).join('\n'), 40);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
    expect(text.replaceAll(/\s/g, '')).toHaveLength(4 * id.length);
  });

  it('has each cell in its colour', () => {
    const text = fit(`\u001b[33m${table([['one', 'two three four five six']])[0] ?? ''}\u001b[39m`, 20);
    expect(text.replaceAll(/\u001b\[\d+m/g, '')).toBe('one  two three four\n     five six');
    expect(text.split('\n')[1]).toContain('\u001b[33mfive six\u001b[39m');
  });

  it('of one wide line stays where it stood', () => {
    expect(fit('  outage   5.5 s  nova-api and all that needs it', 32)).toBe(
      '  outage   5.5 s  nova-api and\n                  all that needs\n                  it',
    );
  });
});

describe('wide letters', () => {
  it('take two columns of prose and of tables', () => {
    expect(fit('東京 大阪 京都 横浜 札幌', 20)).toBe('東京 大阪 京都\n  横浜 札幌');
    const lines = table([
      ['東京', 'one two three four five'],
      ['👩‍💻', 'six'],
      ['four', 'seven'],
    ]);
    expect(fit(lines.join('\n'), 21).split('\n')).toEqual([
      '東京  one two three',
      '      four five',
      '👩‍💻    six',
      'four  seven',
    ]);
  });

  it('are not cut in half', () => {
    expect(cut('東京 ab', 0, 3)).toBe('東');
    expect(cut('東京 ab', 4, 7)).toBe(' ab');
  });
});

it('cuts what is seen, and counts no colour', () => {
  expect(cut('\u001b[1mab\u001b[22mcd', 1, 3)).toBe('\u001b[1mb\u001b[22mc');
});
