import type { World } from '../world.ts';

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
}

export interface IamStore {
  readonly roles: Map<string, Role>;
}

/** IAM is one for all Regions of an account. */
export function iamStore(world: World, account: string): IamStore {
  return world.shared(`iam/${account}`, () => ({ roles: new Map<string, Role>() }));
}
