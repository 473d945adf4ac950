import { z } from 'zod';
import { stackIdSchema } from '../stack/id.ts';
import { readAll, type StoreOptions, storeOptions, whyBroken } from './broken.ts';
import type { Cell, Cells } from './cells.ts';
import { brokenLock, lockLost } from './errors.ts';
import {
  type Attempt,
  acquireByTrying,
  type HeldLock,
  isDeadHere,
  type Lock,
  type LockRequest,
  type LockStore,
  lockSchema,
} from './lock.ts';

/** A lock that nobody holds stays, for its token: it must grow for ever. */
const freeSchema = z.strictObject({
  format: z.literal('tandem.lock/2'),
  stack: stackIdSchema,
  free: z.literal(true),
  token: z.int(),
  since: z.string(),
  /** Who released it in place of its holder, as `user@host`. */
  brokenBy: z.string().optional(),
});
type Free = z.output<typeof freeSchema>;

interface Found {
  readonly cell: Cell | undefined;
  readonly lock: Lock | undefined;
  readonly token: number;
  readonly brokenBy?: string | undefined;
}

/** Locks as texts under conditions: each change is made over exactly what was looked at, or not at all. */
export function locksIn(cells: Cells, options: StoreOptions = {}): LockStore {
  const { onBroken } = storeOptions(options);
  const look = async (stack: string): Promise<Found> => {
    const cell = await cells.get(stack);
    if (cell === undefined) return { cell, lock: undefined, token: 0 };
    const state = parse(stack, cell.text);
    if ('free' in state) return { cell, lock: undefined, token: state.token, brokenBy: state.brokenBy };
    return { cell, lock: state, token: state.token };
  };
  const need = async (stack: string): Promise<Found> => {
    try {
      return await look(stack);
    } catch (error) {
      throw brokenLock(stack, cells.where(stack), whyBroken(error));
    }
  };
  const free = (stack: string, token: number, brokenBy?: string): string => {
    const state: Free = {
      ...{ format: 'tandem.lock/2', stack: stackIdSchema.parse(stack), free: true, token },
      since: new Date().toISOString(),
      ...(brokenBy === undefined ? {} : { brokenBy }),
    };
    return textOf(state);
  };

  const take = async (request: LockRequest): Promise<Attempt> => {
    const { cell, lock: holder, token } = await need(request.stack);
    if (holder !== undefined && !isDeadHere(holder, request.host)) return { held: false, holder };
    const lock: Lock = { format: 'tandem.lock/2', ...request, token: token + 1, since: new Date().toISOString() };
    const content = textOf(lock);
    const condition = cell === undefined ? { onlyNew: true as const } : { instead: cell.version };
    // Somebody may have been quicker: look again.
    if (!(await cells.put(request.stack, content, condition))) return take(request);
    return { held: true, lock: hold(request.stack, content, lock.token) };
  };

  const hold = (stack: string, content: string, token: number): HeldLock => ({
    ...{ stack, token, fence: { stack, content } },
    async assertHeld() {
      if ((await cells.get(stack))?.text === content) return;
      const { lock, brokenBy } = await need(stack);
      throw lockLost(stack, lock, brokenBy);
    },
    async release() {
      const cell = await cells.get(stack);
      // Whoever broke our lock may have given it to another by now.
      if (cell?.text === content) await cells.put(stack, free(stack, token), { instead: cell.version });
    },
  });

  /** A lock's text, to be written over. A folder, a link or a name that is no stack's is moved away instead: nothing can stand in its place. */
  const cellOf = async (stack: string, copies: string | undefined): Promise<Cell | undefined> => {
    const isStack = stackIdSchema.safeParse(stack).success;
    try {
      const cell = await cells.get(stack);
      if (isStack || cell === undefined) return cell;
    } catch (error) {
      const why = whyBroken(error);
      if (copies === undefined) throw brokenLock(stack, cells.where(stack), why);
    }
    if (copies !== undefined) await cells.setAside(stack, copies);
    // Its token is lost, as that of a lock whose text cannot be read.
    if (isStack) await cells.put(stack, free(stack, Date.now()), { onlyNew: true });
    return undefined;
  };

  const all = () => readAll(cells, 'lock', async (key) => (await look(key)).lock);

  return {
    acquire: (request, how) => acquireByTrying(() => take(request), how),
    read: async (stack) => (await need(stack)).lock,
    async list() {
      const { found, broken } = await all();
      broken.forEach(onBroken);
      return found;
    },
    broken: async () => (await all()).broken,
    async break(stack, by, copies) {
      const cell = await cellOf(stack, copies);
      if (cell === undefined) return undefined;
      const state = parsed(stack, cell.text);
      if (state !== undefined && 'free' in state) return undefined;
      // The token of a lock that cannot be read is lost: the time is greater than any count.
      const token = state?.token ?? Date.now();
      if (await cells.put(stack, free(stack, token, by), { instead: cell.version })) return state;
      return await this.break(stack, by, copies);
    },
  };
}

function parse(stack: string, text: string): Lock | Free {
  const value: unknown = JSON.parse(text);
  const isFree = typeof value === 'object' && value !== null && 'free' in value;
  const state = isFree ? freeSchema.parse(value) : lockSchema.parse(value);
  if (state.stack !== stack) throw new Error(`it tells of ${state.stack}`);
  return state;
}

function parsed(stack: string, text: string): Lock | Free | undefined {
  try {
    return parse(stack, text);
  } catch {
    return undefined;
  }
}

function textOf(state: Lock | Free): string {
  return `${JSON.stringify(state, null, 2)}\n`;
}
