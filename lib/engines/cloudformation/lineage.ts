import type { Stack } from '@aws-sdk/client-cloudformation';
import { artefactName, type StackId } from '../../stack/id.ts';
import { jsonIn } from '../../text/json.ts';
import type { Engine } from '../engine.ts';
import { foundMark, givesWay, type Mark, type OwnMark, ownMarkSchema, unmarked } from '../lineage.ts';
import type { CloudFormationConnection } from './connection.ts';
import { withParameter } from './own-parameter.ts';
import { conditionOf, findStack } from './stack-state.ts';

/**
 * Marks of CloudFormation stacks: a parameter of Systems Manager beside each. A tag of the stack would be handed on to all of its
 * resources, and `cdk deploy` would take it away as a difference.
 */
export function cloudFormationMarks(
  connect: (stack: StackId) => Promise<CloudFormationConnection>,
): Required<Pick<Engine, 'lineageOf' | 'mark' | 'unmark'>> {
  return {
    async lineageOf({ id }) {
      const connection = await connect(id);
      const [own, stack] = await Promise.all([
        withParameter(connection, nameOf(id), async ({ read }) => ownMarkIn(await read())),
        findStack(connection.cloudFormation, artefactName(id)),
      ]);
      const isThere = exists(stack);
      if (own !== undefined) return foundMark(own, whereParameter(connection, id), !isThere);
      if (!isThere) return undefined;
      const { account, region } = connection;
      const where = `stack ${artefactName(id)} of account ${account} in ${region}`;
      return { ...unmarked(where), at: stack?.CreationTime?.toISOString() ?? '' };
    },
    async mark({ id }, own, { instead }) {
      const connection = await connect(id);
      const where = whereParameter(connection, id);
      return await withParameter(connection, nameOf(id), async ({ read, write }): Promise<Mark> => {
        if (await write(JSON.stringify(own), false)) return foundMark(own, where);
        const carried = ownMarkIn(await read());
        const found = carried === undefined ? unmarked(where) : foundMark(carried, where);
        if (carried !== undefined && !givesWay(found, own, instead)) return found;
        await write(JSON.stringify(own), true);
        return foundMark(own, where);
      });
    },
    async unmark({ id }) {
      await withParameter(await connect(id), nameOf(id), ({ remove }) => remove());
    },
  };
}

function exists(stack: Stack | undefined): boolean {
  return stack !== undefined && !['absent', 'review'].includes(conditionOf(stack.StackStatus));
}

function nameOf(stack: StackId): string {
  return `/tandem/lineage/${artefactName(stack)}`;
}

function whereParameter({ account, region }: CloudFormationConnection, stack: StackId): string {
  return `parameter ${nameOf(stack)} of account ${account} in ${region}`;
}

function ownMarkIn(text: string | undefined): OwnMark | undefined {
  return ownMarkSchema.safeParse(jsonIn(text)).data;
}
