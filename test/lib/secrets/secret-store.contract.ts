import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret, type SecretStore } from '../../../lib/secrets/secret.ts';

const canary = 'canary-7f3a9c';

/** What every secret store must do. */
export function secretStoreContract(
  name: string,
  prepare: () => Promise<{ store: SecretStore; close: () => Promise<void> }>,
): void {
  describe(`secret store: ${name}`, () => {
    let store: SecretStore;
    let close: () => Promise<void>;
    beforeEach(async () => ({ store, close } = await prepare()));
    afterEach(() => close());

    test('gives back what was put', async () => {
      await store.put('secret:pg', new Secret(canary, 'secret:pg'));
      expect(await store.use('secret:pg', async (secret) => secret.unwrap())).toBe(canary);
    });

    test('the last value counts, and others stay', async () => {
      await store.put('secret:pg', new Secret('old', 'secret:pg'));
      await store.put('secret:other', new Secret('other', 'secret:other'));
      await store.put('secret:pg', new Secret(canary, 'secret:pg'));
      expect(await store.use('secret:pg', async (secret) => secret.unwrap())).toBe(canary);
      expect(await store.use('secret:other', async (secret) => secret.unwrap())).toBe('other');
    });

    test('many at once are all kept', async () => {
      const names = Array.from({ length: 6 }, (_, index) => `secret:n${index}` as const);
      await Promise.all(names.map((each) => store.put(each, new Secret(each, each))));
      for (const each of names) expect(await store.use(each, async (secret) => secret.unwrap())).toBe(each);
    });

    test('fails for one that was never put, or was removed', async () => {
      const used = store.use('secret:pg', async () => 1);
      await expect(used).rejects.toMatchObject({ code: 'no-such-secret' });
      await store.put('secret:pg', new Secret(canary, 'secret:pg'));
      await store.remove('secret:pg');
      await expect(store.use('secret:pg', async () => 1)).rejects.toMatchObject({ code: 'no-such-secret' });
    });

    test('lists names, and no value', async () => {
      expect(await store.list()).toEqual([]);
      await store.put('secret:state/pg', new Secret(canary, 'secret:state/pg'));
      await store.put('secret:a', new Secret(canary, 'secret:a'));
      expect(await store.list()).toEqual(['secret:a', 'secret:state/pg']);
      await store.remove('secret:a');
      expect(await store.list()).toEqual(['secret:state/pg']);
    });

    test('one that was removed can be put again, and removed twice', async () => {
      await store.put('secret:pg', new Secret('old', 'secret:pg'));
      await store.remove('secret:pg');
      await store.remove('secret:pg');
      await store.put('secret:pg', new Secret(canary, 'secret:pg'));
      expect(await store.use('secret:pg', async (secret) => secret.unwrap())).toBe(canary);
    });

    test.each([
      ['several lines and quotes', 'a "b"\n\'c\' \\d\n'],
      ['what looks like JSON', '{"a": 1}'],
      ['a number', '12'],
      ['other scripts', 'пароль ✓ \u{1f511}'],
      ['8 KiB', 'x'.repeat(8192)],
    ])('keeps %s as it is', async (_, value) => {
      await store.put('secret:pg', new Secret(value, 'secret:pg'));
      expect(await store.use('secret:pg', async (secret) => secret.unwrap())).toBe(value);
    });

    test('what is given prints as ***', async () => {
      await store.put('secret:pg', new Secret(canary, 'secret:pg'));
      await store.use('secret:pg', async (secret) => {
        expect(`${String(secret)} ${JSON.stringify({ secret })}`).toBe('*** {"secret":"secret:pg"}');
      });
    });
  });
}
