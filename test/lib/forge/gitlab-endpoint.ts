import { type ForgeEndpoint, gone, HEAD, type StoredComment, startForge } from './endpoint.ts';

const OWN = 'project_42_bot';

/** Merge request 7 of project 42. The token is an access token of the project, whose user is a bot. */
export function startGitLab(): Promise<ForgeEndpoint> {
  const told = ({ id, author, body, system = false }: StoredComment) => ({
    id,
    body,
    system,
    author: { id: author === OWN ? 1000 : 1, username: author },
  });
  return startForge({
    base: '/api/v4',
    perPage: 20,
    tokenOf: ({ headers }) => headers['private-token'] as string | undefined,
    answer({ method, path, body, query }, endpoint, page) {
      const one = endpoint.comments.find((each) => path === `/projects/42/merge_requests/7/notes/${each.id}`);
      const notes = endpoint.comments.map(told);
      switch (`${method} ${path.replace(/notes\/\d+$/, 'notes/N')}`) {
        case 'GET /user':
          return { status: 200, body: { id: 1000, username: OWN } };
        case 'GET /projects/42/merge_requests/7':
          return {
            status: 200,
            body: { iid: 7, sha: HEAD, web_url: 'https://git.example.org/acme/clouds/-/merge_requests/7' },
          };
        case 'GET /projects/42/merge_requests/7/notes':
          return page(query.get('sort') === 'asc' ? notes : notes.toReversed());
        case 'POST /projects/42/merge_requests/7/notes':
          if (String(body['body']).length > 1_000_000) return tooLong;
          return { status: 201, body: told(endpoint.add(OWN, String(body['body']))) };
        case 'PUT /projects/42/merge_requests/7/notes/N':
          if (one === undefined) return gone;
          one.body = String(body['body']);
          return { status: 200, body: told(one) };
        case 'DELETE /projects/42/merge_requests/7/notes/N':
          if (one === undefined) return gone;
          endpoint.comments.splice(endpoint.comments.indexOf(one), 1);
          return { status: 204 };
        default:
          if (method !== 'POST' || path !== `/projects/42/statuses/${HEAD}`) return gone;
          endpoint.statuses.push(body);
          return { status: 201, body: {} };
      }
    },
  });
}

const tooLong = { status: 400, body: { message: { note: ['is too long (maximum is 1000000 characters)'] } } };
