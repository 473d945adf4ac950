import { dotOf } from './dot.ts';
import type { BlueprintView } from './view.ts';

/** A blueprint as SVG. The same blueprint gives the same bytes. */
export async function drawBlueprint(view: BlueprintView): Promise<string> {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
  return (await Graphviz.load()).layout(dotOf(view), 'svg', 'dot');
}
