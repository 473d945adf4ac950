import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRooms } from '../../scripts/docs/rooms.ts';
import { ROOMS_PICTURE, roomsFiles, shownIn } from '../../scripts/docs/rooms-picture.ts';

const root = join(import.meta.dirname, '../..');

describe('the picture of the rooms', () => {
  it('shows the rooms and imports of today, whatever their number (else: npm run docs)', async () => {
    const drawn = (await roomsFiles(root)).get(ROOMS_PICTURE)!;
    expect(shownIn(readFileSync(join(root, ROOMS_PICTURE), 'utf8'))).toEqual(shownIn(drawn));
    expect(shownIn(drawn)).toContain('config');
  });

  it('is the same every time', async () => {
    expect(await roomsFiles(root)).toEqual(await roomsFiles(root));
  });

  it('counts imports between rooms, not within one, and knows every way to import', () => {
    const sources = new Map([
      ['lib/cli/a.ts', "import { x } from '../plan/x.ts';\nconst y = await import('../plan/y.ts');\nimport './b.ts';"],
      ['lib/cli/b.ts', "export { z } from '../plan/x.ts';\nimport { join } from 'node:path';"],
      ['lib/plan/x.ts', "import { y } from './y.ts';"],
      ['lib/plan/y.ts', ''],
    ]);
    const { layers, edges } = readRooms(sources);
    expect(edges).toEqual([{ from: 'cli', to: 'plan', imports: 3 }]);
    expect(layers.filter(({ rooms }) => rooms.length > 0)).toEqual([
      { name: 'cli', rooms: ['cli'] },
      { name: 'planners', rooms: ['plan'] },
    ]);
  });
});

describe('the page of the architecture', () => {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const told = [...page.matchAll(/^\| ((?:`[\w/-]+`(?:, )?)+) \|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`([\w-]+)\/?`/g)].map(([, name]) => name),
  );

  it('has a row for each room', () => {
    const rooms = readdirSync(join(root, 'lib'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rooms.map(({ name }) => name).filter((name) => !told.includes(name))).toEqual([]);
  });
});
