/** The page of a remote, from any way of writing it: `git@host:a/b.git`, `ssh://git@host:22/a/b`, `https://user:secret@host/a/b.git`. */
export function webUrl(remote: string): string | undefined {
  const text = remote.trim();
  const scp = /^(?:[^@/\s]+@)?([^:/\s]+):(?!\/)(\S+?)(?:\.git)?\/?$/.exec(text);
  if (scp !== null && !text.includes('://')) return `https://${scp[1] ?? ''}/${scp[2] ?? ''}`;
  const url = /^(https?|ssh|git):\/\/(?:[^@/\s]*@)?([^:/\s]+)(:\d+)?\/(\S+?)(?:\.git)?\/?$/.exec(text);
  if (url === null) return undefined;
  const [, scheme, host = '', port = '', path = ''] = url;
  // A port of ssh says nothing about the web server; one of http does.
  return scheme === 'http' || scheme === 'https' ? `${scheme}://${host}${port}/${path}` : `https://${host}/${path}`;
}

/** A line of a file at a commit, in the way of the host. */
export function blobUrl(repository: string, commit: string, file: string, line: number): string {
  const path = file.split('/').map(encodeURIComponent).join('/');
  if (/^https?:\/\/[^/]*bitbucket/.test(repository)) return `${repository}/src/${commit}/${path}#lines-${line}`;
  const room = /^https?:\/\/[^/]*gitlab/.test(repository) ? '/-/blob' : '/blob';
  return `${repository}${room}/${commit}/${path}#L${line}`;
}
