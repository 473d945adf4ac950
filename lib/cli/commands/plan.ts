import { buildCommand } from '@stricli/core';
import { stackParameters } from '../complete-stacks.ts';
import type { TandemContext } from '../context.ts';
import { usage } from '../errors.ts';
import { type CommonFlags, commonFlags, parallelismOf } from '../flags.ts';
import { requireProject } from '../workspace.ts';
import { writeText } from '../write-text.ts';

interface PlanFlags extends CommonFlags {
  readonly base?: string;
  readonly live: boolean;
  readonly all: boolean;
  readonly verbose: boolean;
  readonly markdown?: string;
  readonly html?: string;
  readonly detailedExitcode: boolean;
}

async function plan(this: TandemContext, flags: PlanFlags, ...selectors: string[]): Promise<void> {
  if (flags.live && flags.base !== undefined)
    throw usage('--live compares with the clouds, and --base with a commit', 'leave one of the two away');
  const request = { base: flags.base, selectors, parallelism: parallelismOf(flags) };
  const result = flags.live
    ? await (await import('../live-planning.ts')).makeLivePlan(this, request)
    : await (await import('../planning.ts')).makePlan(this, requireProject(this), request);
  if (flags.markdown !== undefined) {
    const { reviewOf } = await import('../review.ts');
    writeText(flags.markdown, await reviewOf(this, result));
  }
  if (flags.html !== undefined) {
    const { pageOf } = await import('../page.ts');
    writeText(flags.html, pageOf(this, result, requireProject(this)));
  }
  if (flags.json) this.out(`${JSON.stringify(result, null, 2)}\n`);
  else {
    const { renderText } = await import('../../plan/render-text.ts');
    const columns = this.process.stdout.isTTY ? this.process.stdout.columns : 100;
    this.out(renderText(result, { colors: this.colors, verbose: flags.verbose, columns }));
  }
  const failed = result.stacks.some((stack) => stack.status === 'error');
  const changed = result.stacks.some((stack) => stack.changes.some((change) => !change.noise));
  this.process.exitCode = failed ? 1 : flags.detailedExitcode && changed ? 2 : 0;
}

export const planCommand = buildCommand({
  func: plan,
  parameters: {
    flags: {
      ...commonFlags,
      base: {
        kind: 'parsed',
        parse: String,
        brief: 'Compare with a commit, or with `none`; default: the record of what was applied',
        optional: true,
        placeholder: 'REV',
      },
      live: {
        kind: 'boolean',
        brief: 'Compare with the live clouds, as `deploy` does before it asks; needs their credentials',
        default: false,
        withNegated: false,
      },
      all: {
        kind: 'boolean',
        brief: 'Every stack; also the default where none is named',
        default: false,
        withNegated: false,
      },
      verbose: {
        kind: 'boolean',
        brief: 'List created resources and folded changes one by one',
        default: false,
        withNegated: false,
      },
      markdown: {
        kind: 'parsed',
        parse: String,
        brief: 'Also write the plan for a pull request to a file',
        optional: true,
        placeholder: 'FILE',
      },
      html: {
        kind: 'parsed',
        parse: String,
        brief: 'Also write the plan as one page, with pictures of the clouds that it touches',
        optional: true,
        placeholder: 'FILE',
      },
      detailedExitcode: {
        kind: 'boolean',
        brief: 'Exit 0 without changes, 2 with changes, 1 on errors',
        default: false,
        withNegated: false,
      },
    },
    positional: stackParameters,
  },
  docs: {
    brief: 'Show what would change, on both clouds, without changing either',
    fullDescription: [
      'Compares the stacks of this checkout with a commit, with the record of what was applied, or with nothing.',
      '',
      'Examples:',
      '  tandem plan                             against what was last applied',
      '  tandem plan --base origin/main          what this branch changes',
      '  tandem plan staging --live              against what is there now',
      '  tandem plan prod                        the stacks of one environment',
      "  tandem plan 'openstack/*/dev/*' --json  every lease, for a script",
      '  tandem plan --base none --verbose       everything, as if nothing existed',
      '  tandem plan --base main --markdown plan.md --detailed-exitcode',
    ].join('\n'),
  },
});
