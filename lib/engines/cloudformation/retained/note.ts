import { artefactName, type StackId } from '../../../stack/id.ts';
import type { SynthesizedStack } from '../../../stack/synthesized.ts';
import { jsonIn } from '../../../text/json.ts';
import type { CloudFormationConnection } from '../connection.ts';
import { withParameter } from '../own-parameter.ts';
import type { LiveResource } from '../stack-state.ts';
import { isImportable, type Kept, keptSchema, type NOTHING_KEPT, wantedAgain } from './kept.ts';

/**
 * Where what a destroyed stack left is noted. CloudFormation itself tells of a deleted stack for 90 days only
 * (API_DescribeStackResources), and what is kept is kept for years.
 */
export function keptParameter(stack: StackId): string {
  return `/tandem/kept/${artefactName(stack)}`;
}

/** Notes what will stay of a stack that goes, beside what stayed before, so that the next deployment finds it. */
export async function noteKept(
  connection: CloudFormationConnection,
  stack: StackId,
  { kept, doomed }: { readonly kept: readonly LiveResource[]; readonly doomed: readonly LiveResource[] },
): Promise<void> {
  const own = new Set([...kept, ...doomed].map(({ address }) => address));
  await withParameter(connection, keptParameter(stack), async ({ read, write, remove }) => {
    const before = keptIn(await read());
    const earlier = (before?.resources ?? []).filter(({ address }) => !own.has(address));
    const resources = [...earlier, ...kept.filter(({ type }) => isImportable(type))];
    const at = new Date().toISOString();
    if (resources.length > 0)
      await write(JSON.stringify({ format: 'tandem.kept/1', at, resources } satisfies Kept), true);
    else if (before !== undefined) await remove();
  });
}

/** What stayed of a stack that is gone, and its artefact asks for again. */
export async function keptFor(
  connection: CloudFormationConnection,
  { id, text }: Pick<SynthesizedStack, 'id' | 'text'>,
): Promise<typeof NOTHING_KEPT> {
  return await withParameter(connection, keptParameter(id), async ({ read }) =>
    wantedAgain(keptIn(await read()), text),
  );
}

export async function forgetKept(connection: CloudFormationConnection, stack: StackId): Promise<void> {
  await withParameter(connection, keptParameter(stack), ({ remove }) => remove());
}

function keptIn(text: string | undefined): Kept | undefined {
  return keptSchema.safeParse(jsonIn(text)).data;
}
