import { rmSync } from 'node:fs';
import { isIsolated } from '../../processes/isolated.ts';
import { temporary } from '../apart.ts';
import { assembleApart } from '../custom-process.ts';
import type { CloudFormationDefinition } from './catalogue.ts';

export interface Assembly {
  readonly folder: string;
  readonly remove: () => void;
}

/** What `cdk synth` writes for whole units, in a folder of this user alone. Users' own stacks are made in a process apart. */
export async function assemblyOf(definitions: readonly CloudFormationDefinition[]): Promise<Assembly> {
  const own = temporary();
  const remove = (): void => rmSync(own, { recursive: true, force: true });
  try {
    if (!isIsolated() && definitions.some((each) => each.root !== undefined))
      return { folder: await assembleApart(definitions, own), remove };
    const { buildAwsApp } = await import('./app.ts');
    buildAwsApp(definitions, own).synth();
    return { folder: own, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
