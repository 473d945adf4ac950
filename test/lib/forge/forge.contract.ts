import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Forge } from '../../../lib/forge/forge.ts';
import type { ForgeHttpOptions } from '../../../lib/forge/http.ts';
import { commentOf, postReview } from '../../../lib/forge/post-review.ts';
import { type Call, type ForgeEndpoint, HEAD, type Reply, TOKEN } from './endpoint.ts';

export interface ForgeFixture {
  readonly start: () => Promise<ForgeEndpoint>;
  readonly open: (api: string, options: Pick<ForgeHttpOptions, 'signal' | 'wait' | 'onWait'>, token: string) => Forge;
  /** Who the token is. */
  readonly own: string;
}

const review = (text: string, target = 'tandem') => ({ target, text, commit: HEAD });

/** What each forge's adapter does, over an endpoint that behaves as the forge's documentation says. */
export function forgeContract(name: string, { start, open, own }: ForgeFixture): void {
  describe(`forge: ${name}`, () => {
    let endpoint: ForgeEndpoint;
    let forge: Forge;
    let waits: number[];
    const opened = (token = TOKEN) =>
      open(
        endpoint.api,
        { signal: new AbortController().signal, wait: async (seconds) => void waits.push(seconds) },
        token,
      );
    /** Answers once instead of the real answer. */
    const once = (isMeant: (call: Call) => boolean, reply: Reply | 'lost') => {
      let left = 1;
      endpoint.intercept = (call) => (isMeant(call) && left-- > 0 ? reply : undefined);
    };
    const isCreate = ({ method, path }: Call): boolean => method === 'POST' && /(comments|notes)$/.test(path);
    beforeEach(async () => {
      endpoint = await start();
      waits = [];
      forge = opened();
    });
    afterEach(() => endpoint.close());
    const bodies = () => endpoint.comments.map((each) => each.body);

    it('creates a comment once, and updates it from then on', async () => {
      expect(await postReview(forge, review('one'))).toMatchObject({ outcome: 'created', removed: 0 });
      const { outcome, url } = await postReview(opened(), review('two'));
      expect([outcome, url]).toEqual(['updated', expect.stringMatching(/^http.*7#\D+1$/)]);
      const written = endpoint.calls.length;
      expect(await postReview(opened(), review('two'))).toMatchObject({ outcome: 'unchanged' });
      expect(endpoint.calls.slice(written).some((call) => /^(PATCH|PUT)/.test(call))).toBe(false);
      expect(bodies()).toEqual([commentOf(review('two'))]);
    });

    it('finds its comment on the third page', async () => {
      for (let count = 0; count < 230; count += 1) endpoint.add('anna', `comment ${count}`);
      endpoint.add(own, commentOf(review('old')));
      for (let count = 0; count < 50; count += 1) endpoint.add('anna', `later ${count}`);
      expect(await postReview(forge, review('new'))).toMatchObject({ outcome: 'updated' });
      expect(endpoint.comments).toHaveLength(281);
      expect(endpoint.comments[230]?.body).toBe(commentOf(review('new')));
    });

    it('leaves what others wrote, whatever they copied', async () => {
      const copied = commentOf(review('mine'));
      for (const author of ['anna', 'github-actions', 'other[bot]', '']) endpoint.add(author, copied);
      endpoint.add(own, 'somebody edited the marker away');
      endpoint.add(own, `> ${copied}`);
      endpoint.add('anna', copied, true);
      const before = bodies();
      expect(await postReview(forge, review('new'))).toMatchObject({ outcome: 'created' });
      expect(bodies()).toEqual([...before, commentOf(review('new'))]);
    });

    it('keeps the comments of several targets apart', async () => {
      for (const target of ['prod', 'prod"} -->', 'staging']) await postReview(forge, review('old', target));
      await postReview(forge, review('new', 'prod'));
      expect(bodies().map((body) => body.split('\n')[1])).toEqual(['new', 'old', 'old']);
      expect(new Set(bodies().map((body) => body.split('\n')[0])).size).toBe(3);
    });

    it('creates it again where somebody deletes it meanwhile, and removes what is there twice', async () => {
      const old = endpoint.add(own, commentOf(review('old')));
      endpoint.intercept = ({ method }) => {
        if (/PATCH|PUT/.test(method)) endpoint.comments.splice(endpoint.comments.indexOf(old), 1);
        return undefined;
      };
      expect(await postReview(forge, review('new'))).toMatchObject({ outcome: 'created' });
      endpoint.intercept = () => undefined;
      endpoint.add(own, commentOf(review('twice')));
      expect(await postReview(opened(), review('last'))).toMatchObject({ outcome: 'updated', removed: 1 });
      expect(bodies()).toEqual([commentOf(review('last'))]);
    });

    it('leaves one comment where two jobs post at once', async () => {
      await Promise.all([1, 2, 3].map((job) => postReview(opened(), review(`of job ${job}`))));
      await postReview(opened(), review('last'));
      expect(bodies()).toEqual([commentOf(review('last'))]);
    });

    it('makes no second comment where the answer was lost', async () => {
      once(isCreate, 'lost');
      expect(await postReview(forge, review('one'))).toMatchObject({ outcome: 'created' });
      expect(bodies()).toEqual([commentOf(review('one'))]);
    });

    it('creates again what a fault that passes did not take', async () => {
      once(isCreate, { status: 502 });
      expect(await postReview(forge, review('one'))).toMatchObject({ outcome: 'created' });
      expect(bodies()).toHaveLength(1);
    });

    it('repeats what may be repeated, and fails with the forge’s name for it in the end', async () => {
      let faults = 3;
      endpoint.intercept = ({ method }) => (method === 'GET' && faults-- > 0 ? { status: 503 } : undefined);
      await postReview(forge, review('one'));
      expect(waits).toEqual([0.5, 1, 2]);
      endpoint.intercept = () => ({ status: 500 });
      await expect(postReview(opened(), review('two'))).rejects.toMatchObject({ code: 'forge-unreachable' });
    });

    it('waits as long as a limiter says, with a POST too, and no longer than it has patience', async () => {
      once(isCreate, { status: 429, headers: { 'retry-after': '17' } });
      await postReview(forge, review('one'));
      expect(waits).toEqual([17]);
      expect(bodies()).toHaveLength(1);
      once(() => true, { status: 429, headers: { 'retry-after': '3600' } });
      await expect(postReview(opened(), review('two'))).rejects.toMatchObject({
        code: 'forge-rate-limited',
        message: expect.stringContaining('3600 s') as string,
      });
    });

    it('fails for a text that the forge would not take, before it asks anybody', async () => {
      await expect(postReview(forge, review('x'.repeat(forge.limit)))).rejects.toMatchObject({
        code: 'comment-too-long',
      });
      expect(endpoint.calls).toEqual([]);
      await expect(forge.create('x'.repeat(forge.limit + 1))).rejects.toMatchObject({
        code: 'forge-refused',
        message: expect.stringContaining('too long') as string,
      });
    });

    it('fails for a plan of a commit that the request is no longer at', async () => {
      const old = { ...review('old'), commit: 'a'.repeat(40) };
      await expect(postReview(forge, old)).rejects.toMatchObject({ code: 'review-outdated' });
      expect(bodies()).toEqual([]);
    });

    it('fails without the token in its words', async () => {
      const wrong = `${TOKEN}-wrong`;
      const error: unknown = await postReview(opened(wrong), review('one')).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'forge-refused', message: expect.stringContaining('401') as string });
      expect(`${JSON.stringify(error)} ${(error as Error).message} ${(error as Error).stack ?? ''}`).not.toContain(
        wrong,
      );
    });

    it('follows no page and no redirect to another place', async () => {
      const elsewhere = 'https://elsewhere.example.org/notes?page=2';
      endpoint.intercept = ({ method, path }) =>
        method === 'GET' && /(comments|notes)$/.test(path)
          ? { status: 200, body: [], headers: { link: `<${elsewhere}>; rel="next"` } }
          : undefined;
      await postReview(forge, { ...review('one') });
      once(isCreate, { status: 301, headers: { location: elsewhere } });
      await expect(forge.create('two')).rejects.toMatchObject({
        code: 'forge-refused',
        message: expect.stringContaining('301') as string,
      });
    });

    it('sets a status beside the commit', async () => {
      await forge.setStatus(HEAD, { state: 'failure', description: 'a stack cannot be planned', name: 'tandem/prod' });
      expect(endpoint.statuses).toMatchObject([
        { state: expect.stringMatching(/^fail/) as string, description: 'a stack cannot be planned' },
      ]);
    });

    it('fails for an address that would carry the token in clear', () => {
      expect(() => open('http://forge.example.org/api', { signal: new AbortController().signal }, TOKEN)).toThrow(
        /not https/,
      );
    });
  });
}
