import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TandemContext } from '../../context.ts';

function completeClouds(this: TandemContext, partial: string): string[] {
  try {
    return readdirSync(join(this.root(), 'config', 'clouds'))
      .filter((file) => file.endsWith('.yaml') && file.startsWith(partial))
      .map((file) => file.slice(0, -'.yaml'.length));
  } catch {
    return [];
  }
}

/** One cloud, optional. */
export const cloudParameter = {
  kind: 'tuple',
  parameters: [
    {
      parse: String,
      brief: 'Cloud; by default the first with a VIP',
      placeholder: 'CLOUD',
      optional: true,
      proposeCompletions: completeClouds,
    },
  ],
} as const;

export const offFlag = {
  kind: 'parsed',
  parse: String,
  brief:
    'What is off at once: names of hosts, racks, planes, switches, power feeds, with commas; rack/a where a name means two',
  optional: true,
  placeholder: 'NAME[,NAME]',
} as const;
