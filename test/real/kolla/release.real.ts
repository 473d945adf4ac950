/** What Tandem knows of the release is what the released package says. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RELEASE } from '../../../lib/private-cloud/kolla/release.ts';
import { kollaAnsible } from './kolla.ts';

it('is what scripts/kolla-data.ts reads in it', () => {
  const script = join(import.meta.dirname, '../../../scripts/kolla-data.ts');
  const text = execFileSync(process.execPath, [script, join(kollaAnsible(), 'share/kolla-ansible'), RELEASE.version], {
    encoding: 'utf8',
    maxBuffer: 16 << 20,
  });
  expect(JSON.parse(text)).toEqual(RELEASE);
});
