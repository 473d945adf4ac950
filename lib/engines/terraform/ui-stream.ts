import { z } from 'zod';
import type { StackId } from '../../stack/id.ts';
import { jsonIn } from '../../text/json.ts';
import type { StackEvent } from '../engine.ts';

const resource = z.looseObject({ addr: z.string(), resource_type: z.string().default('') });
const hook = z.looseObject({
  resource,
  action: z.string().default('noop'),
  elapsed_seconds: z.number().default(0),
  id_value: z.string().optional(),
});

const diagnosticSchema = z.looseObject({
  severity: z.enum(['error', 'warning']),
  summary: z.string(),
  detail: z.string().default(''),
  address: z.string().default(''),
});

/** An error or warning of Terraform or a provider. */
export type Diagnostic = z.output<typeof diagnosticSchema>;

/** Terraform's machine-readable messages (`-json`, ui 1.x), of those that Tandem reads; all others are skipped. */
const messageSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('apply_start'), hook }),
  z.looseObject({ type: z.literal('apply_progress'), hook }),
  z.looseObject({ type: z.literal('apply_complete'), hook }),
  z.looseObject({ type: z.literal('apply_errored'), hook }),
  z.looseObject({ type: z.literal('diagnostic'), diagnostic: diagnosticSchema }),
]);

const PHASES = {
  apply_start: 'start',
  apply_progress: 'progress',
  apply_complete: 'done',
  apply_errored: 'failed',
} as const;

const ACTIONS: Readonly<Record<string, 'create' | 'update' | 'delete' | 'read'>> = {
  create: 'create',
  update: 'update',
  delete: 'delete',
  read: 'read',
};

/** What a line of the stream says: an event, a diagnostic, or nothing that matters. Pure. */
export function readMessage(stack: StackId, line: string): { event?: StackEvent; diagnostic?: Diagnostic } {
  const parsed = messageSchema.safeParse(jsonIn(line));
  if (!parsed.success) return {};
  const message = parsed.data;
  if (message.type === 'diagnostic') return { diagnostic: message.diagnostic };
  const action = ACTIONS[message.hook.action];
  if (action === undefined) return {};
  const { elapsed_seconds: seconds, id_value: id } = message.hook;
  const head = { kind: 'resource', stack, address: message.hook.resource.addr } as const;
  return { event: { ...head, action, phase: PHASES[message.type], seconds, ...(id === undefined ? {} : { id }) } };
}
