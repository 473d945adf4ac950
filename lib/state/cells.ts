/** A whole text, and what names this very content. */
export interface Cell {
  readonly text: string;
  readonly version: string;
}

/** `onlyNew`: only where nothing is; `instead`: only over exactly that version. */
export type PutCondition = { readonly onlyNew: true } | { readonly instead: string };

/** A lock as it was acquired, to the byte: what is written under it is refused once the lock holds anything else. */
export interface Fence {
  readonly stack: string;
  readonly content: string;
}

/** Texts by key, each written whole or not at all. What stores need of a folder, a bucket or a table. */
export interface Cells {
  /** Names a key for people: a file, an object, a row. */
  where(key: string): string;
  /** Sorted; also those that cannot be read. */
  keys(): Promise<readonly string[]>;
  get(key: string): Promise<Cell | undefined>;
  /** False where the condition or a fence does not hold. Repeated after a lost answer, it is true where this very text is there. */
  put(key: string, text: string, condition?: PutCondition, fences?: readonly Fence[]): Promise<boolean>;
  /** False where a fence does not hold; true also where nothing was there. */
  remove(key: string, fences?: readonly Fence[]): Promise<boolean>;
  /** Removes it, whatever it is, after it was copied into a local folder. Gives the copy's path. */
  setAside(key: string, folder: string): Promise<string>;
}
