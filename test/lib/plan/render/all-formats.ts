import pc from 'picocolors';
import { maskPlan } from '../../../../lib/plan/mask.ts';
import type { StackPlan } from '../../../../lib/plan/model.ts';
import { toPlan } from '../../../../lib/plan/plan.ts';
import { renderHtml } from '../../../../lib/plan/render/html/page.ts';
import { renderMarkdown } from '../../../../lib/plan/render/markdown.ts';
import { renderSarif } from '../../../../lib/plan/render/sarif/plan.ts';
import { renderText } from '../../../../lib/plan/render/text.ts';
import { planSchema } from '../../../../lib/plan/schema.ts';
import { printableJson } from '../../../../lib/text/printable.ts';

/** A plan in every format that Tandem writes, the terminal's with everything unfolded. */
export function allFormats(stacks: readonly StackPlan[], masks: readonly string[] = []) {
  const plan = maskPlan(toPlan({ kind: 'live', ref: '' }, stacks), masks);
  planSchema.parse(JSON.parse(JSON.stringify(plan)));
  const context = { commit: '', isDirty: false, at: new Date(0), link: () => 'https://git.example.org/x' };
  const colors = pc.createColors(false);
  return {
    json: printableJson(JSON.stringify(plan)),
    text: renderText(plan, { colors, verbose: false }),
    all: renderText(plan, { colors, verbose: true }),
    markdown: renderMarkdown(plan, context),
    page: renderHtml(plan, { ...context, pictures: new Map() }),
    sarif: renderSarif(plan, { version: '0.0.0', prefix: '' }),
  };
}
