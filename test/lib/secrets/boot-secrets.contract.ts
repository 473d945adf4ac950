import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeBootToken } from '../../../lib/bring-up/boot-token.ts';
import type { BootSecrets } from '../../../lib/secrets/boot-secrets.ts';
import { takeSecrets } from './take-secrets.ts';

const VALUES = { consul: { 'gossip-key': 'canary-7f3a9c=' }, rabbitmq: { cookie: 'canary-é"\n' } };

export interface Prepared {
  readonly bootSecrets: BootSecrets;
  /** Lets time pass, at least so much. */
  readonly pass: (seconds: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What hands secrets to servers must do, with the very Python of a server at the other end. */
export function bootSecretsContract(name: string, prepare: () => Promise<Prepared>): void {
  describe(`boot secrets: ${name}`, () => {
    let { bootSecrets, pass, close } = {} as Prepared;
    beforeEach(async () => ({ bootSecrets, pass, close } = await prepare()));
    afterEach(() => close());

    test('a server has them once, and nobody after it', async () => {
      const token = await bootSecrets.offer(VALUES, 600);
      const line = writeBootToken(token);
      expect(line).not.toContain('canary');
      expect(await bootSecrets.isSpent(token)).toBe(false);
      expect(JSON.parse(await takeSecrets(line))).toEqual(VALUES);
      expect(await bootSecrets.isSpent(token)).toBe(true);
      const again = await takeSecrets(line);
      expect(again).toMatch(/^refused: /);
      expect(again).not.toContain('canary');
    });

    test('each token has its own', async () => {
      const [one, other] = [{ a: { k: '1' } }, { b: { k: '2' } }];
      const tokens = [await bootSecrets.offer(one, 600), await bootSecrets.offer(other, 600)] as const;
      expect(JSON.parse(await takeSecrets(writeBootToken(tokens[1])))).toEqual(other);
      expect(await bootSecrets.isSpent(tokens[0])).toBe(false);
      expect(JSON.parse(await takeSecrets(writeBootToken(tokens[0])))).toEqual(one);
    });

    test('fails after its time', async () => {
      const token = await bootSecrets.offer(VALUES, 3);
      await pass(5);
      expect(await bootSecrets.isSpent(token)).toBe(true);
      expect(await takeSecrets(writeBootToken(token))).toMatch(/^refused: /);
    });
  });
}
