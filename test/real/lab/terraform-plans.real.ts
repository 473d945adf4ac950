/** The offline plan against real Terraform with the real provider, over a state made from the artefact: the same addresses, the same actions. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadProject } from '../../../lib/config/load.ts';
import { difference } from '../../../lib/engines/plugins.ts';
import { liftPins } from '../../../lib/engines/terraform/pins.ts';
import { isResource } from '../../../lib/plan/is-resource.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { stacksOf } from '../../../lib/synthesis/catalogue.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { synthesize } from '../../../lib/synthesis/synthesize.ts';
import { BARE } from '../../bare.ts';
import { configured, type Edit } from '../../configured.ts';
import { EDITS, GIVEN } from './terraform-plans/table.ts';
import { openTerraform, type Terraform } from './terraform-plans/terraform.ts';

const FILES = { 'scripts/api.sh': '#!/bin/sh\necho api\n', 'scripts/other.sh': '#!/bin/sh\necho other\n' };
/** Names a mirror of the provider; `tandem lab up` writes the second. */
const cliConfig = [process.env['TF_CLI_CONFIG_FILE'], '/var/lib/tandem-lab/terraform.rc'].find(
  (file) => file !== undefined && existsSync(file),
);
const program = ['terraform', 'tofu'].find((name) => spawnSync(name, ['version']).status === 0);
const isThere = cliConfig !== undefined && program !== undefined;
if (!isThere)
  process.stderr.write('plans of Terraform are skipped: no terraform or tofu, or no mirror of the provider\n');

async function artefact(stack: string, edits: readonly Edit[]): Promise<string> {
  const { project, problems } = loadProject(configured(CODE_ROOT, [...GIVEN, ...edits], { ...FILES, ...BARE }));
  if (project === undefined) throw new Error(JSON.stringify(problems));
  const [made] = await synthesize(stacksOf(project), { only: new Set([StackId.parse(stack)]) });
  if (made === undefined) throw new Error(`no stack ${stack}`);
  return made.text;
}

describe.skipIf(!isThere)('the offline plan is what Terraform plans when', () => {
  let terraform: Terraform;
  const bases = new Map<string, { text: string; state: string }>();
  const baseOf = async (stack: string) => {
    const known = bases.get(stack);
    if (known !== undefined) return known;
    const text = await artefact(stack, []);
    const base = { text, state: await terraform.stateOf(text) };
    bases.set(stack, base);
    return base;
  };
  beforeAll(async () => {
    terraform = await openTerraform(program ?? '', cliConfig ?? '', ['paris', 'lab']);
  });
  afterAll(() => terraform.close());

  it.each([...new Set(EDITS.map(([, stack]) => stack))])('nothing of %s changes', async (stack) => {
    const { text, state } = await baseOf(stack);
    expect(Object.fromEntries(await terraform.plan(state, text))).toEqual({});
  });

  for (const [what, stack, ...edits] of EDITS) {
    it(what, async () => {
      const before = await baseOf(stack);
      const after = await artefact(stack, edits);
      const changes = await difference('terraform', before.text, after);
      const offline = changes
        .filter((change) => isResource(change) && !change.noise)
        .map(({ address, action }) => [address, action === 'interrupt' ? 'update' : action] as const);
      const real = await terraform.plan(before.state, liftPins(before.text, after));
      expect(Object.fromEntries(offline)).toEqual(Object.fromEntries(real));
    });
  }
});
