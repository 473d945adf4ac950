import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StackId } from '../stack/id.ts';
import type { TandemContext } from './context.ts';

/** Names of the files in a folder of `config/`; none where it cannot be read. */
function namesIn(context: TandemContext, folder: string): string[] {
  try {
    const files = readdirSync(join(context.root(), 'config', folder));
    return files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length));
  } catch {
    return [];
  }
}

/** Names of the environments of AWS. */
export function environmentsIn(context: TandemContext): string[] {
  return namesIn(context, 'environments').filter((name) => name !== 'base');
}

/** Names of the files in a folder of `config/`, for the shell. */
export function completeNames(folder: string) {
  return function complete(this: TandemContext, partial: string): string[] {
    return namesIn(this, folder).filter((name) => name.startsWith(partial));
  };
}

/** Names of stacks for the shell, from the names of files and hardly more: completion has no time to check configuration. */
export function completeStacks(this: TandemContext, partial: string): string[] {
  const names = (folder: string): string[] => namesIn(this, folder);
  const isRendered = (cloud: string): boolean =>
    /^kolla:/m.test(readFileSync(join(this.root(), 'config/clouds', `${cloud}.yaml`), 'utf8'));
  const candidates = [
    ...names('clouds').flatMap((cloud) => [
      ...[cloud, StackId.cloudBase(cloud)],
      ...(isRendered(cloud) ? [StackId.kolla(cloud)] : []),
    ]),
    ...environmentsIn(this).flatMap((environment) => [
      ...[environment, StackId.network(environment), StackId.cluster(environment)],
    ]),
    ...names('links').flatMap(linkStacks(this.root())),
    ...names('dev'),
  ];
  return candidates.filter((candidate) => candidate.startsWith(partial));
}

function linkStacks(root: string): (link: string) => StackId[] {
  return (link) => {
    const text = readFileSync(join(root, 'config/links', `${link}.yaml`), 'utf8');
    const [cloud, environment] = ['cloud', 'environment'].map(
      (side) => new RegExp(`^${side}: *([\\w-]+)`, 'm').exec(text)?.[1],
    );
    return [
      ...(cloud === undefined
        ? []
        : [
            ...[StackId.linkAddresses(cloud), StackId.link(cloud)],
            ...(/^discovery:/m.test(text) ? [StackId.linkDiscovery(cloud)] : []),
          ]),
      ...(environment === undefined ? [] : [StackId.awsLink(environment)]),
    ];
  };
}

/** Bundles' files of the current folder: JSON that begins as `tandem plan --out` writes it. */
export function completeBundles(this: TandemContext, partial: string): string[] {
  try {
    return readdirSync('.').filter((file) => file.startsWith(partial) && file.endsWith('.json') && isEnvelope(file));
  } catch {
    return [];
  }
}

/** What `deploy` takes. */
export function completeStacksAndBundles(this: TandemContext, partial: string): string[] {
  return [...completeStacks.call(this, partial), ...completeBundles.call(this, partial)];
}

function isEnvelope(file: string): boolean {
  const head = Buffer.alloc(200);
  const opened = openSync(file, 'r');
  try {
    return head.toString('utf8', 0, readSync(opened, head)).includes('"payloadType": "application/vnd.in-toto+json"');
  } finally {
    closeSync(opened);
  }
}
