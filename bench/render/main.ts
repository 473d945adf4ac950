/** Normalises and renders a Terraform plan of 10,000 changes in every format; prints the seconds that it took, and those of the processor. */
import pc from 'picocolors';
import { readPlan, toStackPlan } from '../../lib/engines/terraform/plan-json.ts';
import { toPlan } from '../../lib/plan/plan.ts';
import { renderHtml } from '../../lib/plan/render/html/page.ts';
import { renderMarkdown } from '../../lib/plan/render/markdown.ts';
import { renderSarif } from '../../lib/plan/render/sarif/plan.ts';
import { renderText } from '../../lib/plan/render/text.ts';
import { StackId } from '../../lib/stack/id.ts';

const [STACKS, EACH] = [50, 200];
const ACTIONS = [['create'], ['update'], ['delete', 'create'], ['delete'], ['update']] as const;

function showJson(stack: number): string {
  const changes = Array.from({ length: EACH }, (_, index) => {
    const actions = ACTIONS[index % ACTIONS.length] ?? ['update'];
    const side = (word: string) => ({
      name: `server-${index}`,
      flavor_name: `${word}-${stack}`,
      user_data: `#!/bin/sh\n${'echo line\n'.repeat(30)}echo ${word} ${index}\n`,
      metadata: { role: word, index: String(index) },
      network: [{ port: `port-${word}-${index}` }],
    });
    const before = actions[0] === 'create' ? null : side('before');
    const after = actions.length === 1 && actions[0] === 'delete' ? null : side('after');
    const change = { actions, before, after, after_unknown: { id: true }, before_sensitive: {}, after_sensitive: {} };
    return {
      address: `openstack_compute_instance_v2.s${index}`,
      mode: 'managed',
      type: 'openstack_compute_instance_v2',
      change,
    };
  });
  return JSON.stringify({ format_version: '1.2', resource_changes: changes });
}

const texts = Array.from({ length: STACKS }, (_, stack) => showJson(stack));
const [started, began] = [process.cpuUsage(), performance.now()];
const stacks = texts.map((text, at) => toStackPlan(StackId.lease('paris', `lease-${at}`), readPlan(text)));
const plan = toPlan({ kind: 'live', ref: '' }, stacks);
const context = { commit: '', isDirty: false, at: new Date(0), link: () => 'https://git.example.org/x' };
const sizes = [
  JSON.stringify(plan),
  renderText(plan, { colors: pc.createColors(false), verbose: false }),
  renderMarkdown(plan, context),
  renderHtml(plan, { ...context, pictures: new Map() }),
  renderSarif(plan, { version: '0.0.0', prefix: '' }),
].map((text) => text.length);
const wall = (performance.now() - began) / 1e3;
const { user, system } = process.cpuUsage(started);
console.log(JSON.stringify({ seconds: (user + system) / 1e6, wall, sizes }));
