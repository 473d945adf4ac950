import { SHIPPED_TIMERS } from '../private-cloud/topology/timers.ts';
import type { TandemContext } from './context.ts';

/** Loaded when asked for: the product runs where there is no lab. */
const lab = () => import('../../lab/ha/index.ts');

interface HaFlags {
  readonly json: boolean;
  readonly directory?: string;
}

/** `lab up --ha` */
export async function haLabUp(context: TandemContext, flags: HaFlags, signal: AbortSignal): Promise<void> {
  const { haUp } = await lab();
  const result = await haUp({ ...folder(flags), timers: SHIPPED_TIMERS, onProgress: progress(context), signal });
  if (flags.json) {
    context.out(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  const { lab: running, alreadyRunning, seconds } = result;
  context.out(alreadyRunning ? 'The lab runs already.\n' : `The lab is up after ${seconds.toFixed(0)} s.\n`);
  for (const { name, address, rack } of running.controllers) context.out(`  ${name} ${address} in rack ${rack}\n`);
  context.out(`The VIP is ${running.vip}, inside the lab's name spaces only. To break it: tandem cloud drill\n`);
}

/** `lab down --ha` */
export async function haLabDown(
  context: TandemContext,
  flags: HaFlags & { readonly keepPackages: boolean },
): Promise<void> {
  const { haDown } = await lab();
  const result = await haDown({ ...folder(flags), keepPackages: flags.keepPackages, onProgress: progress(context) });
  if (flags.json) context.out(`${JSON.stringify(result, null, 2)}\n`);
  else
    context.out(
      result.wasRunning ? `The lab is down after ${result.seconds.toFixed(0)} s.\n` : 'No lab was running.\n',
    );
}

/** `lab status --ha` */
export async function haLabStatus(context: TandemContext, flags: HaFlags): Promise<void> {
  const { haStatus } = await lab();
  const result = await haStatus(folder(flags));
  if (flags.json) context.out(`${JSON.stringify(result, null, 2)}\n`);
  else {
    context.out(`The lab is ${result.state}.\n`);
    for (const { name, healthy, detail } of result.services)
      context.out(`  ${healthy ? 'ok  ' : 'FAIL'} ${name}: ${detail}\n`);
  }
  context.process.exitCode = result.state === 'running' ? 0 : 1;
}

function folder({ directory }: HaFlags): { directory?: string } {
  return directory === undefined ? {} : { directory };
}

const progress =
  (context: TandemContext) =>
  ({ phase, message, seconds }: { phase: string; message: string; seconds: number }): void =>
    context.log(`${seconds.toFixed(0).padStart(4)} s  ${phase}: ${message}\n`);
