/** The parts of a provider's schema that the generator reads, as `terraform providers schema -json` words them. */

export interface Attribute {
  readonly type: unknown;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
}

export interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, NestedBlock>>;
}

export interface NestedBlock {
  readonly nesting_mode: string;
  readonly min_items?: number | null;
  readonly max_items?: number | null;
  readonly block: Block;
}

/** One version of the provider, as committed. */
export interface VersionSchema {
  readonly version: string;
  readonly provider: Block;
  readonly resources: Readonly<Record<string, Block>>;
  readonly data_sources: Readonly<Record<string, Block>>;
}

/** By version and resource type: the dotted paths whose change replaces the resource. */
export type ForceNew = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
