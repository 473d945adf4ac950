import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { renderStatus } from '../../../../lib/cli/render/cloud-status.ts';
import { compareStatus } from '../../../../lib/private-cloud/status/compare.ts';
import { asConfigured, expected } from '../../private-cloud/status/cloud.ts';

const view = { colors: picocolors.createColors(false), columns: 80 };

describe('the status of a cloud as text', () => {
  it('is two lines where nothing differs', () => {
    const text = renderStatus(compareStatus(expected, asConfigured()), view);
    expect(text).toMatch(/^paris: as its configuration says\n\nas they should be: 37 hosts, 3 database/);
  });

  it('has differences first, those alike on one line, none wider than the terminal', () => {
    const found = asConfigured();
    const surveys = new Map([...found.surveys].slice(3));
    const text = renderStatus(compareStatus(expected, { ...found, surveys }), view);
    expect(text.split('\n').slice(0, 4)).toEqual([
      'paris: 3 differences',
      '',
      'hosts',
      '  control-a-1, control-b-1, control-c-1: does not answer; should be: answers',
    ]);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
