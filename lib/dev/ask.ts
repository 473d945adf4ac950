import { declined } from '../deploy/errors.ts';
import type { DevIo } from './ports.ts';

/** @throws TandemError `declined` where the answer is no */
export async function ask(io: DevIo, question: string): Promise<void> {
  if (!(await io.confirm(question))) throw declined();
}
