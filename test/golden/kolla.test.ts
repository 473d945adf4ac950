/**
 * The tree of each layout, for people to read in a review: one file a layout. After a change that is meant:
 * `npm test -- test/golden -u`, then read the difference.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderTree } from '../../lib/private-cloud/kolla/render.ts';
import { cloudOf, LAYOUTS } from '../lib/private-cloud/kolla/layouts.ts';

describe.each(LAYOUTS)('the tree of the layout %s', (layout) => {
  it('has the files that were reviewed', async () => {
    const { files } = renderTree('cloud', cloudOf(layout));
    const text = Object.entries(files).map(([path, content]) => `===== ${path}\n${content}`);
    await expect(text.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, 'kolla', `${layout}.txt`));
  });
});
