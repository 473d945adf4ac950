import { policiesSchema } from '../../lib/config/schema/policies.ts';
import { PREFLIGHT_RULES } from '../../lib/plan/preflight-rules.ts';
import { SHIPPED_POLICIES } from '../../lib/review/policies/shipped.ts';

const FILE = 'docs/reference/policies.md';

const OPENING = `# Policies that are shipped

Generated from \`lib/review/policies/\` by \`npm run docs\`. All are on. \`policies.levels\` of \`config/tandem.yaml\` sets a level of its own, or \`off\`. They judge
what a plan changes, never what stands there unchanged. What denies refuses the deploy, until the plan changes or an override in
\`config/approvers.yaml\` holds. How to write your own: [stacks/policies](../../stacks/policies/README.md).

| policy | level | finds | why |
|---|---|---|---|
`;

const PREFLIGHT = `
## What AWS would refuse

\`plan --live\` and \`deploy\` ask the account before anything is made. Levels and overrides hold for these rules too.

| rule | finds |
|---|---|
`;

/** The page of all shipped policies: path from the root to content. */
export function policyFiles(): Map<string, string> {
  const rows = SHIPPED_POLICIES.map(
    ({ id, level, about, reason }) => `| \`${id}\` | ${level} | ${about} | ${reason} |\n`,
  );
  const settings = Object.entries(policiesSchema.shape).map(
    ([name, schema]) => `- \`policies.${name}\`: ${schema.description ?? ''}\n`,
  );
  const preflight = Object.entries(PREFLIGHT_RULES).map(([rule, finds]) => `| \`${rule}\` | ${finds} |\n`);
  return new Map([
    [FILE, `${OPENING}${rows.join('')}${PREFLIGHT}${preflight.join('')}\n## Settings\n\n${settings.join('')}`],
  ]);
}
