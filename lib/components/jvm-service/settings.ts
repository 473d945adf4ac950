import { z } from 'zod';
import type { Finding, TierInputs } from '../../bring-up/component.ts';
import { tierReference } from '../../bring-up/tier-reference.ts';
import { count, port, sha256, text, url, urlPath } from '../../config/schema/common.ts';
import { type HeapLimits, heapFindings } from '../shared/heap.ts';

/** A word of a command: what systemd and the shell would read as something else is refused. */
const word = text(200).regex(/^[\w./:=,+@-]+$/, {
  error: 'a word has letters, digits and . / : = , + @ - only; put anything else into a file of the service',
});

const variable = z.string().regex(/^[A-Z][A-Z0-9_]{0,31}$/, {
  error: 'a variable has capital letters, digits and _, at most 32; write one like CASSANDRA',
});

export const jvmServiceSettings = z.strictObject({
  jar: z
    .strictObject({
      url: url.max(250).describe('Where it is fetched from, at most 250 characters.'),
      sha256: sha256.describe('Its SHA-256 in hexadecimal digits.'),
    })
    .optional()
    .describe(
      'The jar that is run with `java -jar`. Another one is fetched and started on one server after another, none is replaced. Either this or `command`.',
    ),
  command: text(200)
    .regex(/^\/[\w./+-]+$/, { error: 'a program is an absolute path; write one like /opt/feed/bin/feed' })
    .optional()
    .describe(
      'Program of the image that is run instead, e.g. `/opt/feed/bin/feed`; it finds options in `JAVA_TOOL_OPTIONS`.',
    ),
  arguments: z
    .array(word)
    .max(32)
    .default([])
    .describe('What follows the jar or the command. CAUTION: a change replaces the servers.'),
  heapMiB: count(64, 65_536).optional().describe("Heap of the JVM in MiB. Default: half of the flavor's memory."),
  port: port.min(1024).default(8080).describe('Port that it answers clients on, 1024 or above.'),
  healthPath: urlPath.default('/').describe('Path that it answers below 400 on `port` when it serves.'),
  connects: z
    .record(variable, tierReference())
    .default({})
    .describe(
      'Tiers that it speaks to: under `CASSANDRA: { tier: cassandra }` it finds their addresses, joined by commas, in the variable `CASSANDRA_HOSTS`.',
    ),
  variables: z
    .record(variable, text(200).regex(/^(?!.*%\{)[^\n"\\$]*$/, { error: 'a value is one line without " \\ $ and %{' }))
    .default({})
    .describe(
      'Variables of its environment, never secrets. They change while it runs, which restarts one after another.',
    ),
});

export type JvmServiceSettings = z.output<typeof jvmServiceSettings>;

export const JVM_SERVICE_HEAP: HeapLimits = {
  defaultPercent: 50,
  maximumPercent: 75,
  rest: 'threads, classes and buffers',
};

type Inputs = TierInputs<JvmServiceSettings>;

export function jvmServiceFindings(inputs: Inputs): readonly Finding[] {
  return [...heapFindings(inputs, JVM_SERVICE_HEAP), ...programFindings(inputs)];
}

function programFindings({ settings }: Inputs): readonly Finding[] {
  if ((settings.jar === undefined) !== (settings.command === undefined)) return [];
  const both = settings.jar !== undefined;
  return [
    {
      at: ['settings', ...(both ? ['command'] : [])],
      code: 'nothing-to-run',
      message: both
        ? 'got a jar and a command; a server runs one of them'
        : 'got neither a jar nor a command; there is nothing to run',
      fix: both ? 'remove one of them' : 'write jar: { url: …, sha256: … }, or command: with a program of the image',
    },
  ];
}
