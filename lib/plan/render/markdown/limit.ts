/** What a comment may hold. */
export interface Limit {
  readonly characters: number;
  readonly bytes: number;
}

/** By forge, each with a reserve for what the forge adds. GitHub takes 65,536 characters, Bitbucket 32,768. */
export const LIMITS = {
  github: { characters: 60_000, bytes: 200_000 },
  gitlab: { characters: 990_000, bytes: 990_000 },
  'azure-devops': { characters: 148_000, bytes: 200_000 },
  bitbucket: { characters: 32_000, bytes: 32_000 },
} as const satisfies Readonly<Record<string, Limit>>;

interface Size extends Limit {
  readonly plus: (others: readonly Limit[]) => Size;
  readonly fits: (limit: Limit) => boolean;
}

export function sizeOf(text: string): Size {
  return size(text.length, Buffer.byteLength(text));
}

function size(characters: number, bytes: number): Size {
  return {
    characters,
    bytes,
    plus: (others) =>
      size(
        others.reduce((sum, each) => sum + each.characters, characters),
        others.reduce((sum, each) => sum + each.bytes, bytes),
      ),
    fits: (limit) => characters <= limit.characters && bytes <= limit.bytes,
  };
}
