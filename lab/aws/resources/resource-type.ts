import type { Json, JsonObject } from '../json.ts';
import type { Realm, Resource } from '../world.ts';

/** Everything that a type may need to make, change or remove one resource. */
export interface Making {
  readonly realm: Realm;
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  readonly properties: JsonObject;
  /** Of an update: what the template says about how it is done. */
  readonly updatePolicy: JsonObject;
  /** Tags of the stack and CloudFormation's own. */
  readonly tags: Readonly<Record<string, string>>;
  /** `stack-Logical-SUFFIX`, no longer than the service allows. */
  name(longest: number): string;
}

export interface Made {
  readonly physicalId: string;
  /** @default - the physical id */
  readonly ref?: string;
  readonly attributes?: JsonObject;
}

/** One resource type that the endpoint can make. */
export interface ResourceType {
  readonly type: string;
  create(making: Making): Made | Promise<Made>;
  /** Changes it in place; returns its attributes. @default - only the properties change */
  readonly update?: (resource: Resource, making: Making) => JsonObject | Promise<JsonObject>;
  /** Throws where the service would refuse. @default - nothing else is affected */
  readonly remove?: (resource: Resource, realm: Realm) => void | Promise<void>;
  /** For properties whose schema says "maybe". @default - they do replace */
  readonly replaces?: (property: string, before: Json | undefined, after: Json | undefined) => boolean;
}
