import { isChanged, isFailed } from '../../plan/outcome.ts';
import { stacksArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';
import { optionalText, texts, toggle } from '../flags.ts';

export const planVerb = defineVerb({
  brief: 'Show what would change, on both clouds, without changing either',
  description:
    'Compares the stacks of this checkout with a commit, with the record of what was applied, or with an empty state.',
  examples: [
    { command: 'tandem plan', does: 'against what was last applied' },
    { command: 'tandem plan --base origin/main', does: 'what this branch changes' },
    { command: 'tandem plan staging --live', does: 'against the live clouds' },
    { command: 'tandem plan prod --live --out prod.json', does: 'freeze it for approval' },
    { command: 'tandem plan prod', does: 'the stacks of one environment' },
    { command: "tandem plan 'openstack/*/dev/*' --json", does: 'every lease, for a script' },
    { command: 'tandem plan --base none --verbose', does: 'everything, against an empty state' },
    { command: 'tandem plan --base main --markdown plan.md --detailed-exitcode' },
    { command: 'tandem plan --base main --sarif-in checkov.sarif --html plan.html' },
  ],
  flags: {
    base: optionalText(
      'Compare with a commit, with where this checkout left a branch, or `none` for an empty state; default: what was last applied',
      'REV',
    ),
    live: toggle('Compare with the live clouds, as `deploy` does before it asks; needs their credentials'),
    out: optionalText('Also write a bundle that others approve, and that `deploy` executes; with --live', 'FILE'),
    key: optionalText('Private key that signs the bundle; default: the SSH agent, or ~/.ssh/id_ed25519', 'FILE'),
    all: toggle('Every stack; also the default where none is named'),
    verbose: toggle('List created resources and folded changes one by one'),
    markdown: optionalText('Also write the plan for a pull request to a file', 'FILE'),
    pageUrl: optionalText('Where the page will be read, for a text that is too long for a pull request', 'URL'),
    html: optionalText('Also write the plan as one page, with pictures of the clouds that it changes', 'FILE'),
    sarif: optionalText('Also write what is found in the plan to a file, in SARIF for code scanning', 'FILE'),
    sarifIn: texts(
      'Add what checkov, cfn-lint, Trivy or others found in the written artefacts, from their SARIF',
      'FILE',
    ),
    detailedExitcode: toggle('Exit 0 without changes, 2 with changes, 1 on errors and where a policy denies'),
  },
  arguments: stacksArgument,
  action: async (context, { base, live, out, key, markdown, pageUrl, html, sarif, sarifIn }, ...selectors) =>
    (await import('../../actions/plan/plan.ts')).plan(context, {
      ...{ selectors, base, live, out, key, markdown, pageUrl, html, sarif, sarifIn },
    }),
  json: {
    format: 'tandem.plan/1',
    schema: async () => (await import('../../plan/schema.ts')).planSchema,
  },
  render: async (plan, view, { verbose }) =>
    (await import('../../plan/render/text.ts')).renderText(plan, { ...view, verbose }),
  exitCode: (plan, { detailedExitcode }) => {
    if (isFailed(plan)) return 1;
    if (!detailedExitcode) return 0;
    return plan.outcome === 'policy-denied' ? 1 : isChanged(plan) ? 2 : 0;
  },
});
