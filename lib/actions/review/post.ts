import { readFileSync } from 'node:fs';
import { messageOf } from '../../errors/tandem-error.ts';
import { type Destination, detectForge, forgeOfJob, type Said } from '../../forge/detect.ts';
import { forgeNotClear, forgeTokenMissing } from '../../forge/errors.ts';
import type { Forge } from '../../forge/forge.ts';
import { gitHub, pullRequestAt } from '../../forge/github.ts';
import { gitLab } from '../../forge/gitlab.ts';
import { commentOf, postReview } from '../../forge/post-review.ts';
import type { Plan } from '../../plan/model.ts';
import { isChanged, isFailed } from '../../plan/outcome.ts';
import { planSchema } from '../../plan/schema.ts';
import { readConfiguration } from '../configuration.ts';
import { type ActionContext, warnerOf } from '../context.ts';
import { cannotRead } from '../errors.ts';
import { reviewOf } from '../plan/review.ts';
import type { ResultOf } from '../result-of.ts';
import { notAPlan } from './errors.ts';
import type { reviewPostSchema } from './schema.ts';

export interface ReviewPostOptions extends Said {
  /** File with what `tandem plan --json` printed, or Markdown of `tandem plan --markdown`. Data: nothing of it is run. */
  readonly plan: string;
  /** Names the plan among several of one request. @default tandem */
  readonly target?: string | undefined;
  /** Where the whole plan is read as a page: a text that is cut links to it. @default the organisation's `review.pageUrl` */
  readonly pageUrl?: string | undefined;
  /** Also sets a commit status, red where the plan has an error. @default false */
  readonly status?: boolean;
  /** Shows the comment, and asks nobody. @default false */
  readonly dryRun?: boolean;
}

export type ReviewPostResult = ResultOf<typeof reviewPostSchema>;

/** What a fork's job says may be whatever the fork wants it to be. */
const FOREIGN = `> [!NOTE]
> This comes from a fork: the fork's own job made the plan, without any secret. Make it again from the checked-out commit before you trust it.

`;
const STATUS_LENGTH = 140;

/**
 * Writes a plan as the one comment of a pull or merge request. The plan is a file, made by another job: that one may run what the request
 * brings, and this one has the token.
 * @throws TandemError `cannot-read`, `not-a-plan`, `forge-not-clear`, `forge-token-missing`, `comment-too-long`, `review-outdated`, `forge-…`
 */
export async function reviewPost(context: ActionContext, options: ReviewPostOptions): Promise<ReviewPostResult> {
  const { target = 'tandem', status = false, dryRun = false } = options;
  const destination = dryRun ? undefined : detectForge(context.environment, options);
  // Of the checkout, which is the default branch's: a request does not say how it is shown.
  const settings = readConfiguration(context).project?.organisation.value.review;
  const shownAt = destination?.forge ?? options.forge ?? forgeOfJob(context.environment) ?? settings?.forge;
  const { plan, text: planned } = await read(context, options.plan, {
    ...(shownAt === undefined ? {} : { forge: shownAt }),
    // A length that was set for another forge says nothing of this one.
    maximumCharacters: shownAt === settings?.forge ? settings?.maximumCharacters : undefined,
    commit: destination?.commit ?? options.commit,
    pageUrl: options.pageUrl ?? settings?.pageUrl,
  });
  if (destination === undefined)
    return { outcome: 'shown', url: null, removed: 0, status: null, text: commentOf({ target, text: planned }) };
  const text = destination.isForeign ? `${FOREIGN}${planned}` : planned;
  const forge = await open(context, destination);
  const { commit } = destination;
  const posted = await postReview(forge, { target, text, commit });
  const state = plan !== undefined && isFailed(plan) ? 'failure' : 'success';
  if (status) {
    const description = (plan === undefined ? 'planned' : describe(plan)).slice(0, STATUS_LENGTH);
    await forge.setStatus(commit ?? (await forge.head()), { state, description, name: `tandem/${target}` });
  }
  return { ...posted, status: status ? state : null, text: null };
}

async function read(
  context: ActionContext,
  file: string,
  shown: Parameters<typeof reviewOf>[2],
): Promise<{ readonly plan?: Plan; readonly text: string }> {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw cannotRead(file, error);
  }
  if (!content.trimStart().startsWith('{')) {
    if (!content.startsWith('<!-- tandem-plan '))
      throw notAPlan(file, 'it is neither JSON nor begins as `tandem plan --markdown FILE` writes it');
    return { text: content };
  }
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    throw notAPlan(file, messageOf(error));
  }
  const plan = planSchema.safeParse(json);
  if (!plan.success) {
    const [issue] = plan.error.issues;
    throw notAPlan(file, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const known = plan.data as Plan;
  return { plan: known, text: await reviewOf(context, known, shown) };
}

async function open(context: ActionContext, destination: Destination): Promise<Forge> {
  const { environment, signal } = context;
  const { forge, api, repository, head, commit } = destination;
  const variable = forge === 'github' ? 'GITHUB_TOKEN' : 'GITLAB_TOKEN';
  const token = environment[variable];
  if (token === undefined || token === '') throw forgeTokenMissing(variable);
  const warn = warnerOf(context);
  const onWait = (reason: string, seconds: number) => {
    warn(`waiting ${Math.ceil(seconds)} s for ${forge === 'github' ? 'GitHub' : 'GitLab'}: ${reason}`);
  };
  const common = { token, api, repository, signal, onWait };
  const number =
    destination.number ??
    (head === undefined || commit === undefined ? undefined : await pullRequestAt(common, head, commit));
  if (number === undefined) throw forgeNotClear(`the pull request of ${head ?? ''} at ${commit ?? ''}`, '--number N');
  return forge === 'github' ? gitHub({ ...common, number }) : gitLab({ ...common, number });
}

function describe(plan: Plan): string {
  if (isFailed(plan)) return 'a stack cannot be planned';
  if (!isChanged(plan)) return 'no changes';
  const counts = Object.entries(plan.summary).filter(([, count]) => count > 0);
  return counts.map(([action, count]) => `${count} ${action}`).join(', ');
}
