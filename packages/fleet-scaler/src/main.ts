import { awsPorts } from './aws-ports.ts';
import { lookForAMinute } from './minute.ts';
import type { Ports } from './ports.ts';
import { type FunctionSettings, readSettings } from './settings.ts';

export { decide } from './decide.ts';

let made: { readonly ports: Ports; readonly settings: FunctionSettings } | undefined;

/**
 * What EventBridge starts once a minute. The minute begins when the event says; one without a time, as somebody sends by hand, now.
 * @throws Error where all looks failed
 */
export async function handler(event: { readonly time?: string }): Promise<void> {
  if (made === undefined) {
    const settings = readSettings(process.env);
    // Connections outlive an invocation.
    made = { ports: awsPorts(settings), settings };
  }
  const begun = Date.parse(event.time ?? '');
  await lookForAMinute(made.ports, made.settings, Math.floor((Number.isNaN(begun) ? Date.now() : begun) / 1000));
}
