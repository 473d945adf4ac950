import { type WatchEvent, watchFleet } from '../../fleet/watch.ts';
import { StackId } from '../../stack/id.ts';
import { counted } from '../../text/plural.ts';
import { type ActionContext, inform } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import { withFleet } from './open.ts';
import { gaveBack, openPorts } from './ports.ts';
import type { watchSchema } from './schema.ts';

export type WatchResult = ResultOf<typeof watchSchema>;

/**
 * Watches a fleet until it is interrupted, and replaces instances that fail at once.
 * @throws TandemError those of `watchFleet` and `withFleet`
 */
export async function watch(context: ActionContext, environment: string): Promise<WatchResult> {
  return await withFleet(context, environment, async (fleet) => {
    const ports = await openPorts(context, fleet);
    const { signal, io } = context;
    let [replaced, failed] = [0, 0];
    try {
      inform(context, `watching ${fleet.place.parts.group}; Ctrl-C ends it`, 'fleet-watching');
      await watchFleet(ports, {
        ...{ stack: StackId.cluster(environment), verb: 'fleet replace', signal },
        resume: `tandem fleet replace ${environment} --resume`,
        emit: (event) => io.emit(event),
        onEvent(event) {
          if (event.kind === 'replaced')
            [replaced, failed] = [replaced + event.report.done, failed + event.report.failed];
          const level = event.kind === 'too-many' || event.kind === 'held-up' ? 'warn' : 'info';
          io.emit({ kind: 'message', level, code: `fleet-${event.kind}`, text: wordsOf(event) });
        },
      });
      return { environment, replaced, failed };
    } finally {
      await ports.close();
    }
  });
}

function wordsOf(event: WatchEvent): string {
  const at = new Date(event.at).toISOString().slice(11, 19);
  if (event.kind === 'replaced') {
    const { done, failed, seconds } = event.report;
    return `${at} ${counted(done, 'instance')} replaced, ${failed} failed, in ${Math.round(seconds)} s`;
  }
  if (event.kind === 'gave-back') return `${at} ${gaveBack(event.processes)}`;
  const sick = event.sick.map(({ id, why }) => `${id} (${why})`).join(', ');
  if (event.kind === 'replacing') return `${at} replacing ${sick}`;
  if (event.kind === 'held-up') return `${at} held up: ${event.error.message}`;
  return `${at} more than ${event.most} instances fail at once, which replacing them does not cure: ${sick}`;
}
