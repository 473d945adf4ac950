import { z } from 'zod';
import type { Comment, Forge } from './forge.ts';
import { ForgeHttp, type ForgeHttpOptions, parsed } from './http.ts';
import { unlessGone } from './unless-gone.ts';

export interface GitHubProps extends Omit<ForgeHttpOptions, 'headers'> {
  readonly token: string;
  /** `owner/name` */
  readonly repository: string;
  /** Of the pull request. */
  readonly number: number;
}

const commentSchema = z.object({
  id: z.int(),
  body: z.string().nullable(),
  html_url: z.string(),
  user: z.object({ login: z.string(), type: z.string() }).nullable(),
});
const pullSchema = z.object({ number: z.int(), head: z.object({ sha: z.string() }) });
const viewerSchema = z.object({ data: z.object({ viewer: z.object({ login: z.string() }) }) });

function headersOf(token: string): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  };
}

/** A pull request of github.com, or of GitHub Enterprise Server (`api`: https://HOST/api/v3). */
export function gitHub({ token, repository, number, ...options }: GitHubProps): Forge {
  const http = new ForgeHttp({ ...options, headers: headersOf(token) });
  const repo = `/repos/${repository.split('/').map(encodeURIComponent).join('/')}`;
  const pull = `${repo}/pulls/${number}`;
  const comment = (id: string): string => `${repo}/issues/comments/${id}`;
  let login: Promise<string> | undefined;
  /** Of the token, also where that is an app's or a job's, to which `GET /user` says nothing. */
  const viewer = async (): Promise<string> => {
    const answer = await http.send('POST', graphqlOf(options.api), { query: 'query { viewer { login } }' });
    return parsed(viewerSchema, answer.body, 'the name of the token’s user').data.viewer.login;
  };
  const told = ({ id, body, html_url: url, user }: z.output<typeof commentSchema>, own: string): Comment => ({
    ...{ id: String(id), body: body ?? '', url },
    isOwn: user !== null && nameOf(user.login, user.type) === nameOf(own, own.endsWith('[bot]') ? 'Bot' : user.type),
  });
  const ownLogin = (): Promise<string> => {
    login ??= viewer();
    return login;
  };
  return {
    name: 'GitHub',
    limit: 65_536,
    head: async () => parsed(pullSchema, (await http.send('GET', pull)).body, 'the pull request').head.sha,
    async *comments() {
      const own = await ownLogin();
      // In the order of their ids, whatever is asked for.
      for await (const each of http.pages(`${repo}/issues/${number}/comments?per_page=100`, commentSchema))
        yield told(each, own);
    },
    async create(body) {
      const answer = await http.send('POST', `${repo}/issues/${number}/comments`, { body });
      return told(parsed(commentSchema, answer.body, 'the new comment'), await ownLogin());
    },
    async update(id, body) {
      const answer = await unlessGone(http.send('PATCH', comment(id), { body }));
      return answer && told(parsed(commentSchema, answer.body, 'the comment'), await ownLogin());
    },
    async remove(id) {
      await unlessGone(http.send('DELETE', comment(id)));
    },
    async setStatus(commit, { state, description, name }) {
      await http.send('POST', `${repo}/statuses/${encodeURIComponent(commit)}`, {
        state,
        description,
        context: name,
      });
    },
  };
}

/** The open pull request whose branch is at a commit, also of a fork; undefined where there is none. @param head - `owner:branch` */
export async function pullRequestAt(
  { token, repository, ...options }: Omit<GitHubProps, 'number'>,
  head: string,
  commit: string,
): Promise<number | undefined> {
  const http = new ForgeHttp({ ...options, headers: headersOf(token) });
  const path = `/repos/${repository}/pulls?state=open&per_page=100&head=${encodeURIComponent(head)}`;
  for await (const pull of http.pages(path, pullSchema)) if (pull.head.sha === commit) return pull.number;
  return undefined;
}

/** GraphQL stands beside REST: https://api.github.com/graphql, https://HOST/api/graphql. */
function graphqlOf(api: string): string {
  return `${api.replace(/\/v3$/, '')}/graphql`;
}

/** An app is called `name[bot]` in one API and `name` in the other. */
function nameOf(login: string, type: string): string {
  return `${type === 'Bot' ? 'bot ' : ''}${login.toLowerCase().replace(/\[bot\]$/, '')}`;
}
