import { resumedByCommand, runOperation } from '../operation.ts';
import type { DeployPorts, OperationOptions } from '../ports.ts';
import type { ProjectAccess } from '../project-secrets.ts';
import { openProjectStores } from '../project-stores.ts';

/**
 * Encrypts every state, version and record to the recipients that the organisation names now, with all of their stacks locked.
 * @returns how many of each
 */
export async function reencryptStates(
  ports: DeployPorts,
  access: ProjectAccess,
  options: Pick<OperationOptions, 'signal' | 'emit'>,
): Promise<{ readonly states: number; readonly versions: number; readonly records: number }> {
  const stores = await openProjectStores(access);
  try {
    const recorded = await stores.records.list();
    const stacks = [...new Set([...recorded.map(({ stack }) => stack), ...(await stores.versions.stacks())])];
    const own = { ...options, ...resumedByCommand('state rotate') };
    return await runOperation(ports, stacks, own, async (operation) => {
      const counts = { states: 0, versions: 0, records: recorded.length };
      for (const stack of stacks)
        await operation.step(`encrypt ${stack}`, async () => {
          if (await stores.states.reseal(stack)) counts.states += 1;
          counts.versions += await stores.versions.reseal(stack);
        });
      for (const record of recorded) await stores.records.write(record);
      return counts;
    });
  } finally {
    await stores.close();
  }
}
