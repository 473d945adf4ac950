/** The process in which the project's own policies run. Started by `policy-process.ts`, with the folder for its answer. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { PolicyFinding } from '../../stacks/define-policy.ts';
import type { PolicyAnswer, PolicyFailure } from '../review/policies/port.ts';
import { reasonOf } from '../stack/errors.ts';
import { ANSWER } from './apart.ts';
import type { PolicyRequest } from './policy-process.ts';
import { NO_POLICIES, policiesIn, policySchema } from './policy-shape.ts';

/** Findings of one policy that anybody reads. */
const MOST = 1000;

const findingsSchema = z.array(
  z.object({
    stack: z.string().optional(),
    address: z.string().optional(),
    reason: z.string().transform((text) => text.slice(0, 1000)),
  }),
);

const [folder = ''] = process.argv.slice(2);

async function answersOf({ root, from, plan }: PolicyRequest): Promise<(PolicyAnswer | PolicyFailure)[]> {
  const require = createRequire(join(root, 'package.json'));
  let exports: unknown;
  try {
    exports = require(from.endsWith('.ts') ? resolve(root, from) : from);
  } catch (error) {
    return [{ from, id: '', why: `it cannot be loaded: ${reasonOf(error)}` }];
  }
  const policies = policiesIn(exports);
  if (policies === undefined) return [{ from, id: '', why: NO_POLICIES }];
  return await Promise.all(policies.map((each) => answerOf(each, from, plan)));
}

async function answerOf(
  policy: unknown,
  from: string,
  plan: PolicyRequest['plan'],
): Promise<PolicyAnswer | PolicyFailure> {
  const parsed = policySchema.safeParse(policy);
  if (!parsed.success) {
    const { id } = (policy ?? {}) as { readonly id?: unknown };
    return {
      from,
      id: '',
      why: `${typeof id === 'string' ? `${id} ` : 'it '}is no policy: ${z.prettifyError(parsed.error)}`,
    };
  }
  const { id, level, reason, owner, check } = parsed.data;
  try {
    const found = findingsSchema.safeParse(await check(structuredClone(plan)));
    if (!found.success) return { from, id, why: `its answer is no list of findings: ${z.prettifyError(found.error)}` };
    const all = found.data as PolicyFinding[];
    const more = all.length > MOST ? [{ reason: `${all.length - MOST} more findings` }] : [];
    const own = owner === undefined ? {} : { owner };
    return { ...{ from, id, level, reason }, ...own, found: [...all.slice(0, MOST), ...more] };
  } catch (error) {
    return { from, id, why: reasonOf(error) };
  }
}

const request = JSON.parse(readFileSync(0, 'utf8')) as PolicyRequest;
const answer = await answersOf(request);
writeFileSync(join(folder, ANSWER), JSON.stringify(answer), { mode: 0o600 });
// What the code left open does not keep it alive.
process.exit();
