import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';
import type { StackId } from '../../../lib/stack/id.ts';
import { openStores } from '../../../lib/state/open-stores.ts';
import { stateSealer } from '../../../lib/state/sealer.ts';
import { lockRequest } from './lock-request.ts';
import { record } from './record-of.ts';

const stack: StackId = 'openstack/lab/base';
const canary = 'canary-5d20b1';

test('records and journal in local files are sealed, and read by who has an identity alone', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tandem-sealed-'));
  const identity = await generateIdentity();
  const recipients = [await identityToRecipient(identity)];
  const warnings: string[] = [];
  const open = (key: string | undefined) =>
    openStores({
      ...{ root, environment: {}, readSecret: () => Promise.reject(new Error('no secret is needed')) },
      state: { backend: 'local', recipients },
      sealer: stateSealer({
        ...{ recipients, keyFile: undefined },
        environment: key === undefined ? {} : { TANDEM_SECRETS_KEY: key },
      }),
      warn: (text) => warnings.push(text),
    });

  const stores = await open(identity);
  const held = await stores.locks.acquire(lockRequest({ stack }));
  const id = await stores.journal.begin({
    ...{ verb: 'deploy', stacks: [stack], by: 'ops@example', commit: '', arguments: { canary } },
  });
  await stores.journal.intend({ operation: id, key: `apply ${stack}`, detail: { canary } }, [held]);
  await stores.records.write({ ...record(stack), artefact: JSON.stringify({ canary }) }, [held]);
  await held.release();

  const files = readdirSync(join(root, '.tandem'), { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  const texts = files.map((each) => readFileSync(join(each.parentPath, each.name), 'utf8'));
  expect(texts.filter((text) => text.includes('AGE ENCRYPTED FILE'))).toHaveLength(2);
  expect(texts.filter((text) => text.includes(canary))).toEqual([]);

  const again = await open(identity);
  expect((await again.records.read(stack))?.artefact).toContain(canary);
  expect(await again.journal.open()).toMatchObject([{ id, arguments: { canary }, begun: [`apply ${stack}`] }]);

  const noKey = { code: 'state-key' };
  for (const key of [undefined, await generateIdentity()]) {
    const stranger = await open(key);
    await expect(stranger.records.read(stack)).rejects.toMatchObject(noKey);
    await expect(stranger.records.list()).rejects.toMatchObject(noKey);
    await expect(stranger.journal.open()).rejects.toMatchObject(noKey);
  }
  expect(warnings).toEqual([]);
  rmSync(root, { recursive: true });
});
