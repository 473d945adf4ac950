import { type ForgeEndpoint, gone, HEAD, type StoredComment, startForge } from './endpoint.ts';

const OWN = 'github-actions[bot]';
const isBot = (login: string): boolean => login.endsWith('[bot]');

/** Pull request 7 of acme/clouds, and 8, a fork's. The token is a job's: that of `github-actions[bot]`. */
export function startGitHub(): Promise<ForgeEndpoint> {
  const told =
    (api: string) =>
    ({ id, author, body }: StoredComment) => ({
      ...{ id, body, html_url: `${api}/acme/clouds/pull/7#issuecomment-${id}` },
      user: author === '' ? null : { login: author, type: isBot(author) ? 'Bot' : 'User' },
    });
  return startForge({
    base: '/api/v3',
    perPage: 30,
    tokenOf: ({ headers }) => /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1],
    answer({ method, path, body, query }, endpoint, page) {
      const show = told(endpoint.api);
      const one = endpoint.comments.find((each) => path === `/repos/acme/clouds/issues/comments/${each.id}`);
      switch (`${method} ${path.replace(/\d+$/, 'N')}`) {
        case 'POST /api/graphql':
          return { status: 200, body: { data: { viewer: { login: OWN } } } };
        case 'GET /user':
          return { status: 403, body: { message: 'Resource not accessible by integration' } };
        case 'GET /repos/acme/clouds/pulls/N':
          return path.endsWith('/7') ? { status: 200, body: { number: 7, head: { sha: HEAD } } } : gone;
        case 'GET /repos/acme/clouds/pulls':
          return page(
            /:fix$/.test(query.get('head') ?? '')
              ? [
                  { number: 5, head: { sha: 'old' } },
                  { number: 7, head: { sha: HEAD } },
                ]
              : [],
          );
        case 'GET /repos/acme/clouds/issues/7/comments':
          return page(endpoint.comments.map(show));
        case 'POST /repos/acme/clouds/issues/7/comments':
          if (String(body['body']).length > 65_536) return tooLong;
          return { status: 201, body: show(endpoint.add(OWN, String(body['body']))) };
        case 'PATCH /repos/acme/clouds/issues/comments/N':
          if (one === undefined) return gone;
          if (String(body['body']).length > 65_536) return tooLong;
          one.body = String(body['body']);
          return { status: 200, body: show(one) };
        case 'DELETE /repos/acme/clouds/issues/comments/N':
          if (one === undefined) return gone;
          endpoint.comments.splice(endpoint.comments.indexOf(one), 1);
          return { status: 204 };
        default:
          if (method !== 'POST' || path !== `/repos/acme/clouds/statuses/${HEAD}`) return gone;
          if (String(body['description']).length > 140) return { status: 422, body: { message: 'Validation Failed' } };
          endpoint.statuses.push(body);
          return { status: 201, body: {} };
      }
    },
  });
}

const tooLong = {
  status: 422,
  body: { message: 'Validation Failed', errors: [{ message: 'body is too long (maximum is 65536 characters)' }] },
};
