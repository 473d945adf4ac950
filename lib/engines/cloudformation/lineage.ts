import type { Stack } from '@aws-sdk/client-cloudformation';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { readFailure, toAwsError } from '../../aws-api/aws-error.ts';
import { ATTEMPTS } from '../../aws-api/session.ts';
import { artefactName, type StackId } from '../../stack/id.ts';
import type { Engine } from '../engine.ts';
import { foundMark, givesWay, type Mark, type OwnMark, ownMarkSchema, unmarked } from '../lineage.ts';
import type { CloudFormationConnection } from './connection.ts';
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
        withParameter(connection, id, ({ read }) => read()),
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
      return await withParameter(connection, id, async ({ read, write }): Promise<Mark> => {
        if (await write(own, false)) return foundMark(own, where);
        const carried = await read();
        const found = carried === undefined ? unmarked(where) : foundMark(carried, where);
        if (carried !== undefined && !givesWay(found, own, instead)) return found;
        await write(own, true);
        return foundMark(own, where);
      });
    },
    async unmark({ id }) {
      await withParameter(await connect(id), id, ({ remove }) => remove());
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

interface MarkParameter {
  readonly read: () => Promise<OwnMark | undefined>;
  /** False where there is one and it is not to be replaced. */
  readonly write: (own: OwnMark, replace: boolean) => Promise<boolean>;
  readonly remove: () => Promise<void>;
}

async function withParameter<T>(
  { region, credentials }: CloudFormationConnection,
  stack: StackId,
  action: (parameter: MarkParameter) => Promise<T>,
): Promise<T> {
  const client = new SSMClient({ region, credentials, maxAttempts: ATTEMPTS });
  const Name = nameOf(stack);
  /** Undefined where the service answers with that error. */
  const unless = async <R>(call: string, expected: string, send: () => Promise<R>): Promise<R | undefined> => {
    try {
      return await send();
    } catch (error) {
      if (readFailure(error).name === expected) return undefined;
      throw toAwsError(`ssm:${call}`, error);
    }
  };
  try {
    return await action({
      async read() {
        const found = await unless('GetParameter', 'ParameterNotFound', () =>
          client.send(new GetParameterCommand({ Name })),
        );
        return ownMarkIn(found?.Parameter?.Value);
      },
      async write(own, replace) {
        const put = new PutParameterCommand({ Name, Value: JSON.stringify(own), Type: 'String', Overwrite: replace });
        return (await unless('PutParameter', 'ParameterAlreadyExists', () => client.send(put))) !== undefined;
      },
      async remove() {
        await unless('DeleteParameter', 'ParameterNotFound', () => client.send(new DeleteParameterCommand({ Name })));
      },
    });
  } finally {
    client.destroy();
  }
}

function ownMarkIn(text: string | undefined): OwnMark | undefined {
  try {
    return ownMarkSchema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
