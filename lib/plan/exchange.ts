/** Where a stack makes something that other stacks read. */
export interface Given {
  /** Of the resource or output. */
  readonly address: string;
  /** The attribute that is read, and may change without the resource being another. @default - its id, which only another resource has */
  readonly attribute?: string;
}

/** What a stack gives to others and takes from others, by names that mean the same to both: `ssm:/acme/network/vpc-id`. */
export interface Exchange {
  readonly gives: () => ReadonlyMap<string, readonly Given[]>;
  readonly takes: () => ReadonlySet<string>;
}
