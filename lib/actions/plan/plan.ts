import type { Project } from '../../config/project.ts';
import type { Plan } from '../../plan/model.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { usage } from '../errors.ts';
import { writeText } from '../write-text.ts';
import { judged } from './judge.ts';
import { planAgainstBase } from './offline.ts';
import { planSarif, withFindingsOfOthers } from './sarif.ts';

export interface PlanOptions {
  /** Ids, globs or short names; all stacks where there is none. */
  readonly selectors: readonly string[];
  /** A commit, a branch, which stands for where HEAD left it, or `none` for an empty state. @default the record of what was last applied */
  readonly base?: string | undefined;
  /** Compares with the live clouds instead. @default false */
  readonly live?: boolean;
  /** File that gets the plan as a bundle to approve; with `live`. */
  readonly out?: string | undefined;
  /** Key that signs the bundle. @default - the agent's, or ~/.ssh/id_ed25519, where it is an approver's */
  readonly key?: string | undefined;
  /** File that gets the plan for a pull request. */
  readonly markdown?: string | undefined;
  /** Where the page of the plan will be read, for a text that is truncated. @default the organisation's `review.pageUrl` */
  readonly pageUrl?: string | undefined;
  /** File that gets the plan as one page. */
  readonly html?: string | undefined;
  /** File that gets what is found in the plan, for code scanning. */
  readonly sarif?: string | undefined;
  /** Logs in SARIF of programs that checked the written artefacts. */
  readonly sarifIn?: readonly string[] | undefined;
}

/**
 * What would change, on both clouds, without changing either.
 * @throws TandemError `usage`, `no-such-stack`, `no-such-commit`, `no-common-commit`, `cannot-write`, `cannot-read`, `not-sarif`
 */
export async function plan(context: ActionContext, options: PlanOptions): Promise<Plan> {
  const { base, live = false, out, key, markdown, pageUrl, html, sarif, sarifIn = [] } = options;
  if (live && base !== undefined)
    throw usage('--live compares with the clouds, and --base with a commit', 'use either --live or --base');
  if (out !== undefined && !live)
    throw usage('--out makes a bundle of a plan against the live clouds', 'run `tandem plan --live --out FILE`');
  const project = requireProject(context);
  const own =
    out === undefined
      ? await planned(context, project, options)
      : await (await import('./bundle.ts')).bundleSelected(context, project, options.selectors, { file: out, key });
  const result = sarifIn.length === 0 ? own : await withFindingsOfOthers(context, project, own, sarifIn);
  if (markdown !== undefined) {
    const { reviewOf } = await import('./review.ts');
    const settings = project.organisation.value.review;
    writeText(markdown, await reviewOf(context, result, { ...settings, pageUrl: pageUrl ?? settings.pageUrl }));
  }
  if (html !== undefined) {
    const { pageOf } = await import('./page.ts');
    writeText(html, await pageOf(context, result, project));
  }
  if (sarif !== undefined) writeText(sarif, await planSarif(context, result));
  return result;
}

async function planned(context: ActionContext, project: Project, options: PlanOptions): Promise<Plan> {
  const { plan: bare, commits } =
    options.live === true
      ? await (await import('./live.ts')).planAgainstClouds(context, project, options.selectors)
      : await planAgainstBase(context, project, options);
  return await judged(context, project, bare, commits);
}
