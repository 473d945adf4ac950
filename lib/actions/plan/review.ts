import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReviewSettings } from '../../config/schema/review.ts';
import { commandGit } from '../../git/command-git.ts';
import { blobUrl } from '../../git/remote-url.ts';
import type { Plan, Source } from '../../plan/model.ts';
import { LIMITS } from '../../plan/render/markdown/limit.ts';
import { renderMarkdown } from '../../plan/render/markdown.ts';
import type { ActionContext } from '../context.ts';

/** Where a plan is from, and where people read its lines of the configuration: at the commit. */
export interface Checkout {
  /** Empty outside a repository. */
  readonly commit: string;
  readonly isDirty: boolean;
  readonly link: (source: Source) => string;
}

/** @param at - Commit that was planned, where that is not what is checked out */
export async function checkoutOf(context: ActionContext, at?: string): Promise<Checkout> {
  const git = commandGit(context.root);
  const [checkedOut, remote, prefix, isDirty] = await Promise.all([
    git.head(),
    git.remoteUrl(),
    git.prefix(),
    git.isDirty(['config']),
  ]);
  const head = at ?? checkedOut;
  const link = ({ file, line, commit = head }: Source): string => {
    const path = prefix === '' ? file : `${prefix}/${file}`;
    return remote === undefined || commit === undefined ? `${path}#L${line}` : blobUrl(remote, commit, path, line);
  };
  return { commit: head ?? '', isDirty: at === undefined && isDirty, link };
}

/** What a text for a pull request may be: as long as a forge takes it, with a link to the page. */
interface ReviewTextOptions extends Partial<Pick<ReviewSettings, 'forge' | 'maximumCharacters' | 'pageUrl'>> {
  /** That was planned. @default - what is checked out */
  readonly commit?: string | undefined;
}

/** The plan for a pull request. @param options - By default for GitHub, whose comments other forges take as well */
export async function reviewOf(
  context: ActionContext,
  plan: Plan,
  { forge = 'github', maximumCharacters, pageUrl, commit }: ReviewTextOptions = {},
): Promise<string> {
  const checkout = await checkoutOf(context, commit);
  const picture = (cloud: string): string | undefined => {
    const file = `docs/pictures/${cloud}.svg`;
    return existsSync(join(context.root, file)) ? checkout.link({ file, line: 1 }).replace(/#.*$/, '') : undefined;
  };
  const limit = LIMITS[forge];
  const characters = maximumCharacters ?? limit.characters;
  return renderMarkdown(plan, { ...checkout, at: context.now(), picture, pageUrl, limit: { ...limit, characters } });
}
