import { chooseLink } from '../../link/choose.ts';
import { bedSettings } from '../../link/drill/bed-settings.ts';
import type { LinkCaseName } from '../../link/drill/case-names.ts';
import { newKey } from '../../link/drill/cases.ts';
import { type CaseResult, casesOf, runLinkDrill } from '../../link/drill/run.ts';
import { requireProject } from '../configuration.ts';
import { type ActionContext, inform } from '../context.ts';

export interface LinkDrillOptions {
  /** @default - the only one of the project */
  readonly link?: string | undefined;
  /** @default all */
  readonly cases?: readonly LinkCaseName[];
  /** How often each, of which the worst counts. @default 1 */
  readonly runs?: number | undefined;
}

export interface LinkDrill {
  readonly link: string;
  readonly cases: readonly CaseResult[];
  /** What differs from gateways in a cloud. */
  readonly adaptations: readonly { readonly file: string; readonly what: string; readonly why: string }[];
}

/**
 * Brings a link up in namespaces of this machine, as it is rendered, with an imitation of AWS; breaks it, and compares with what was predicted.
 * @throws TandemError `link-unknown`, `link-not-named`, `lab-no-servers`, `lab-timeout`
 */
export async function linkDrill(context: ActionContext, options: LinkDrillOptions): Promise<LinkDrill> {
  const chosen = chooseLink(requireProject(context), options.link);
  // Loaded when asked for: the product runs where there is no lab.
  const { FLOATING, LINK_ADAPTATIONS, openLinkBench, outsideOf } = await import('../../../lab/link/index.ts');
  const { value } = chosen.link;
  inform(context, `bringing up the link ${chosen.link.name} in namespaces of this machine: a minute or two`);
  const bench = await openLinkBench(await bedSettings(chosen, { floating: FLOATING, outsideOf }, newKey));
  try {
    const cases = await runLinkDrill({
      bench,
      timers: value.tunnels.timers,
      cases: options.cases ?? casesOf(chosen),
      ...(options.runs === undefined ? {} : { runs: options.runs }),
      signal: context.signal,
      say: (what) => inform(context, what),
    });
    return { link: chosen.link.name, cases, adaptations: LINK_ADAPTATIONS };
  } finally {
    await bench.down();
  }
}
