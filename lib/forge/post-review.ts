import { TandemError } from '../errors/tandem-error.ts';
import { hidden } from '../text/markdown.ts';
import { commentTooLong, reviewOutdated } from './errors.ts';
import type { Comment, Forge } from './forge.ts';

export interface Review {
  /** Names the plan among several of one request: `tandem`, `prod`. */
  readonly target: string;
  /** Markdown. */
  readonly text: string;
  /** Commit of which it speaks. @default - it is not compared with the request's */
  readonly commit?: string | undefined;
}

export interface PostedReview {
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly url: string;
  /** Comments of earlier runs that said the same twice. */
  readonly removed: number;
}

/** The comment as it is sent: its first line says whose it is, and readers do not see it. */
export function commentOf({ target, text }: Pick<Review, 'target' | 'text'>): string {
  return `${markerOf(target)}\n${text}`;
}

/**
 * Writes the one comment of a target: updates that of an earlier run, or creates it. A comment is ours where its first line is the marker
 * and the token's own user wrote it; whatever others wrote, or edited so that the marker is gone, is left.
 * @throws TandemError `comment-too-long`, `review-outdated`, `forge-…`
 */
export async function postReview(forge: Forge, review: Review): Promise<PostedReview> {
  const body = commentOf(review);
  if (body.length > forge.limit) throw commentTooLong(body.length, forge.limit, forge.name);
  if (review.commit !== undefined) {
    const head = await forge.head();
    if (head !== review.commit) throw reviewOutdated(review.commit, head);
  }
  const [first, ...others] = await own(forge, review.target);
  const written = first === undefined ? await create(forge, review.target, body) : await update(forge, first, body);
  let removed = 0;
  for (const each of others) {
    await forge.remove(each.id);
    removed += 1;
  }
  return { ...written, removed: removed + written.removed };
}

async function update(forge: Forge, before: Comment, body: string): Promise<PostedReview> {
  if (isSame(before.body, body)) return { outcome: 'unchanged', url: before.url, removed: 0 };
  const after = await forge.update(before.id, body);
  // Deleted since it was listed.
  if (after === undefined) return { outcome: 'created', url: (await forge.create(body)).url, removed: 0 };
  return { outcome: 'updated', url: after.url, removed: 0 };
}

/** Two jobs may do this at once: the older comment stays. */
async function create(forge: Forge, target: string, body: string): Promise<PostedReview> {
  const made = await createOnce(forge, target, body);
  const [oldest] = await own(forge, target);
  if (oldest === undefined || oldest.id === made.id) return { outcome: 'created', url: made.url, removed: 0 };
  await forge.remove(made.id);
  return { ...(await update(forge, oldest, body)), removed: 1 };
}

/** A comment whose answer was lost may be there. */
async function createOnce(forge: Forge, target: string, body: string): Promise<Comment> {
  try {
    return await forge.create(body);
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== 'forge-unreachable') throw error;
    const found = (await own(forge, target)).find((each) => isSame(each.body, body));
    return found ?? (await forge.create(body));
  }
}

async function own(forge: Forge, target: string): Promise<Comment[]> {
  const marker = markerOf(target);
  const found: Comment[] = [];
  for await (const comment of forge.comments())
    if (comment.isOwn && comment.body.split(/\r?\n/, 1)[0] === marker) found.push(comment);
  return found;
}

/** Forges keep line ends and the end of a text in their own way. */
function isSame(one: string, other: string): boolean {
  return one.replaceAll('\r\n', '\n').trimEnd() === other.trimEnd();
}

function markerOf(target: string): string {
  return hidden('tandem-review', { target });
}
