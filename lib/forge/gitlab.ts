import { z } from 'zod';
import type { Comment, Forge } from './forge.ts';
import { ForgeHttp, type ForgeHttpOptions, parsed } from './http.ts';
import { unlessGone } from './unless-gone.ts';

export interface GitLabProps extends Omit<ForgeHttpOptions, 'headers'> {
  readonly token: string;
  /** Id of the project, or its path `group/name`. */
  readonly repository: string;
  /** Of the merge request: its `iid`. */
  readonly number: number;
}

const noteSchema = z.object({
  id: z.int(),
  body: z.string(),
  /** `system`: what GitLab itself says there. */
  system: z.boolean(),
  author: z.object({ id: z.int() }),
});
const userSchema = z.object({ id: z.int() });
const mergeRequestSchema = z.object({ sha: z.string(), web_url: z.string() });

/** A merge request of gitlab.com, or of a GitLab of one's own (`api`: https://HOST/api/v4). */
export function gitLab({ token, repository, number, ...options }: GitLabProps): Forge {
  const http = new ForgeHttp({ ...options, headers: { 'private-token': token } });
  const project = `/projects/${encodeURIComponent(repository)}`;
  const request = `${project}/merge_requests/${number}`;
  const note = (id: string): string => `${request}/notes/${id}`;
  let facts: Promise<{ readonly own: number; readonly url: string }> | undefined;
  const ask = async () => {
    const [user, page] = [await http.send('GET', '/user'), await http.send('GET', request)];
    const url = parsed(mergeRequestSchema, page.body, 'the merge request').web_url;
    return { own: parsed(userSchema, user.body, 'the token’s user').id, url };
  };
  const told = async ({ id, body, author }: z.output<typeof noteSchema>): Promise<Comment> => {
    facts ??= ask();
    const { own, url } = await facts;
    return { id: String(id), body, isOwn: author.id === own, url: `${url}#note_${id}` };
  };
  return {
    name: 'GitLab',
    limit: 1_000_000,
    head: async () => parsed(mergeRequestSchema, (await http.send('GET', request)).body, 'the merge request').sha,
    async *comments() {
      const path = `${request}/notes?per_page=100&order_by=created_at&sort=asc`;
      for await (const each of http.pages(path, noteSchema)) if (!each.system) yield await told(each);
    },
    async create(body) {
      return told(parsed(noteSchema, (await http.send('POST', `${request}/notes`, { body })).body, 'the new note'));
    },
    async update(id, body) {
      const answer = await unlessGone(http.send('PUT', note(id), { body }));
      return answer && told(parsed(noteSchema, answer.body, 'the note'));
    },
    async remove(id) {
      await unlessGone(http.send('DELETE', note(id)));
    },
    async setStatus(commit, { state, description, name }) {
      await http.send('POST', `${project}/statuses/${encodeURIComponent(commit)}`, {
        ...{ name, description },
        state: state === 'success' ? 'success' : 'failed',
      });
    },
  };
}
