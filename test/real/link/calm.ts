import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Gateways, probes and Consul count each other out after about a second of silence. */
export const CALM_SECONDS = 0.5;
/** How often what a machine that stood still spoiled is done again. */
export const TRIES = 4;

/** Does it once more where it does not end well and the machine stood still meanwhile: of whoever counts seconds, that says nothing. */
export async function calmly<T>(act: () => Promise<T>, isWell: (result: T) => boolean): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    const delay = monitorEventLoopDelay();
    delay.enable();
    const result = await act();
    delay.disable();
    const stoodStill = delay.max / 1e9;
    if (isWell(result) || stoodStill < CALM_SECONDS || left === 0) return result;
    process.stdout.write(`Link: the machine stood still for ${stoodStill.toFixed(2)} s: once more\n`);
  }
}
