import { z } from 'zod';
import type { Finding } from '../bring-up/component.ts';
import type { AnyComponent } from '../bring-up/tier-software.ts';
import { majorityOf } from '../config/majority.ts';
import type { OwnComponent } from '../config/schema/component.ts';
import { evenMembers } from './shared/findings.ts';

/** A component that a project describes in `components/custom/<name>/`, as Tandem's own are. */
export function ownComponent(name: string, own: OwnComponent): AnyComponent {
  const { title, description, version, home, packages, artefacts, users, afterwards, drain, backup } = own;
  return {
    name,
    title,
    description,
    version,
    home,
    settings: settingsSchema(own),
    install: { packages, artefacts, users, ...(afterwards === undefined ? {} : { afterwards }) },
    ports: () => own.ports,
    peers: (_settings, tier) => (own.members ? [tier] : []),
    values: ({ settings }) =>
      Object.fromEntries(
        Object.entries(settings).map(([key, value]) => [key, text(value as string | number | boolean)]),
      ),
    files: ({ tier }) =>
      own.files.map(({ from, ...file }) => ({ ...file, content: ofTier(own.texts[from] ?? '', tier) })),
    units: () => own.units,
    health: () => own.health,
    quorum: ({ count }) => (own.quorum === 'majority' ? { members: count, needed: majorityOf(count) } : undefined),
    data: own.data,
    hooks: { ...(drain === undefined ? {} : { drain }), ...(backup === undefined ? {} : { backup }) },
    secrets: own.secrets,
    check: ({ count, flavor }) => [
      ...(own.quorum === 'majority' && count > 1 && count % 2 === 0 ? [evenMembers(title, count)] : []),
      ...(flavor.memoryMiB < own.minimumMemoryMiB ? [flavorTooSmall(title, flavor.memoryMiB, own)] : []),
    ],
  };
}

/** Placeholders of a file that is written for any tier name its own one `self`. */
function ofTier(content: string, tier: string): string {
  return content.replace(/@\{(peers|others)\|self\|/g, (_whole, which: string) => `@{${which}|${tier}|`);
}

function settingsSchema({ settings }: OwnComponent): z.ZodType<object> {
  const shape = Object.entries(settings).map(([key, { type, default: fallback, minimum, maximum, choices }]) => {
    let integer = z.int();
    if (minimum !== undefined) integer = integer.min(minimum);
    if (maximum !== undefined) integer = integer.max(maximum);
    const schema: z.ZodType = {
      integer,
      text: choices === undefined ? z.string().max(255) : z.enum(choices as [string, ...string[]]),
      boolean: z.boolean(),
    }[type];
    return [key, schema.default(fallback)] as const;
  });
  return z.strictObject(Object.fromEntries(shape));
}

function text(value: string | number | boolean): string | number {
  return typeof value === 'boolean' ? String(value) : value;
}

function flavorTooSmall(title: string, memoryMiB: number, { minimumMemoryMiB }: OwnComponent): Finding {
  return {
    at: ['flavor'],
    code: 'flavor-below-component',
    message: `got a flavor of ${memoryMiB} MiB; ${title} needs ${minimumMemoryMiB} MiB`,
    fix: 'write a larger flavor',
  };
}
