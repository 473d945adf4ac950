import { decide, LOOK_SECONDS } from './decide.ts';
import type { Pace, Ports } from './ports.ts';
import type { ScalerSettings, ScalerState } from './types.ts';

const LOOKS = 60 / LOOK_SECONDS;
/** How long a look may take: the last one begins at 45 s, and the function has 58. */
const LOOK_MS = 8000;
const WRITE_MS = 4000;

/**
 * Looks at the queues and sets the capacity, four times. A look of which a call fails is left out: the capacity stays as it is, and the next
 * look is 15 s later.
 *
 * @param at - when the minute began, in seconds since 1970
 * @throws Error where all looks failed, so that the function's errors tell of it
 */
export async function lookForAMinute(ports: Ports, settings: ScalerSettings, at: number): Promise<void> {
  const minute: Minute = { state: undefined, pace: undefined };
  let [succeeded, why] = [0, ''];
  for (let look = 0; look < LOOKS; look += 1) {
    const begun = performance.now();
    try {
      await lookOnce(ports, settings, at + look * LOOK_SECONDS, minute);
      succeeded += 1;
    } catch (error) {
      why = wordsOf(error);
      ports.log('warn', 'look left out', { why });
    }
    if (look < LOOKS - 1) await ports.sleep(Math.max(0, LOOK_SECONDS * 1000 - (performance.now() - begun)));
  }
  if (minute.state?.known !== undefined)
    await ports
      .writeState(minute.state.known, at + (LOOKS - 1) * LOOK_SECONDS, AbortSignal.timeout(WRITE_MS))
      .catch((error: unknown) => ports.log('warn', 'state not written', { why: wordsOf(error) }));
  if (succeeded === 0) throw new Error(`all ${LOOKS} looks of this minute failed; the last one: ${why}`);
}

/** What looks of one minute share. */
interface Minute {
  /** Undefined until it was read; then what was read may be nothing. */
  state: { readonly known: ScalerState | undefined } | undefined;
  /** Metrics are a minute old anyway, and a call for them costs more than the others. */
  pace: Pace | undefined;
}

async function lookOnce(ports: Ports, settings: ScalerSettings, now: number, minute: Minute): Promise<void> {
  const signal = AbortSignal.timeout(LOOK_MS);
  const [jobs, sizes, pace, before] = await Promise.all([
    ports.jobs(signal),
    ports.sizes(signal),
    minute.pace ?? ports.pace(now, signal),
    minute.state ?? ports.readState(signal).then((known) => ({ known })),
  ]);
  minute.pace = pace;
  const { state, desired } = decide(before.known, { now, ...jobs, ...pace, ...sizes }, settings);
  minute.state = { known: state };
  if (desired === sizes.desired) return;
  await ports.setDesired(desired, signal);
  ports.log('info', 'capacity set', { from: sizes.desired, to: desired, ...jobs });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
