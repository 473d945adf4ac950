import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commandGit } from '../../git/command-git.ts';
import { blobUrl } from '../../git/remote-url.ts';
import type { Plan, Source } from '../../plan/model.ts';
import { renderMarkdown } from '../../plan/render/markdown.ts';
import type { ActionContext } from '../context.ts';

/** The plan for a pull request, with links to the lines of the configuration at the commit. */
export async function reviewOf(context: ActionContext, plan: Plan): Promise<string> {
  const git = commandGit(context.root);
  const [head, remote, prefix, isDirty] = await Promise.all([
    git.head(),
    git.remoteUrl(),
    git.prefix(),
    git.isDirty(['config']),
  ]);
  const link = ({ file, line, commit = head }: Source): string => {
    const path = prefix === '' ? file : `${prefix}/${file}`;
    return remote === undefined || commit === undefined ? `${path}#L${line}` : blobUrl(remote, commit, path, line);
  };
  const picture = (cloud: string): string | undefined => {
    const file = `docs/pictures/${cloud}.svg`;
    return existsSync(join(context.root, file)) ? link({ file, line: 1 }).replace(/#.*$/, '') : undefined;
  };
  return renderMarkdown(plan, { commit: head ?? '', isDirty, at: context.now(), link, picture });
}
