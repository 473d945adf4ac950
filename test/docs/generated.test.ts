import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alarmFiles } from '../../scripts/docs/alarms.ts';
import { commandFiles } from '../../scripts/docs/commands.ts';
import { decisionFiles } from '../../scripts/docs/decisions.ts';
import { errorFiles } from '../../scripts/docs/errors.ts';
import { simulationFiles } from '../../scripts/docs/simulation.ts';

const root = join(import.meta.dirname, '../..');
const files = [
  ...alarmFiles(),
  ...(await commandFiles()),
  ...decisionFiles(root),
  ...errorFiles(root),
  ...(await simulationFiles()),
];

describe('the generated pages and pictures', () => {
  it.each(files)('%s is up to date (else: npm run docs)', (file, text) => {
    expect(readFileSync(join(root, file), 'utf8')).toBe(text);
  });
});
