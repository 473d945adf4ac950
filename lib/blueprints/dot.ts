import type { BlueprintView, TierView } from './view.ts';

/** Whom arrows come from where a rule names no tier. */
const EVERYBODY = 'world';

/**
 * A blueprint for Graphviz: a box a tier with what it runs, sources outside, an arrow from who connects to what it connects to. Ports
 * between members of one tier are left out.
 */
export function dotOf({ name, tiers }: BlueprintView): string {
  const known = new Set(tiers.map((tier) => tier.name));
  const arrows = new Map<string, { from: string; to: string; ports: Set<string> }>();
  const sources = new Set<string>();
  const connect = (from: string, to: string, port: string) => {
    if (from === to) return;
    // Sources, and `environment`: an arrow from the whole says that every tier may connect.
    if (!known.has(from)) sources.add(from);
    const key = `${from} ${to}`;
    const arrow = arrows.get(key) ?? { from, to, ports: new Set<string>() };
    arrow.ports.add(port);
    arrows.set(key, arrow);
  };
  for (const tier of tiers) {
    for (const { port, from } of tier.ports) for (const peer of from) connect(peer, tier.name, port);
    for (const peer of tier.balancer?.from ?? []) connect(peer, tier.name, `${tier.balancer?.port}`);
  }
  const outside = [...sources].map(
    (source) => `${quoted(source)} [shape=${source === EVERYBODY ? 'doublecircle' : 'oval'}, fillcolor="#ffffff"];`,
  );
  const boxes = tiers.map((tier) => `${quoted(tier.name)} [label=${labelOf(tier)}];`);
  const lines = [...arrows.values()].map(
    ({ from, to, ports }) => `${quoted(from)} -> ${quoted(to)} [label=${quoted([...ports].join(', '))}];`,
  );
  return `digraph ${quoted(name)} {
  graph [rankdir=LR, ranksep=0.6, nodesep=0.3, fontname="Helvetica", bgcolor="white"];
  node [shape=box, style="rounded,filled", fillcolor="#f6f8fa", color="#57606a", fontname="Helvetica", fontsize=12, margin="0.2,0.08"];
  edge [fontname="Helvetica", fontsize=9, fontcolor="#57606a", color="#57606a", arrowsize=0.6];
  ${[...outside, ...boxes, ...lines].join('\n  ')}
}
`;
}

function labelOf({ name, count, flavor, runs, volumeGiB, balancer, floatingAddress }: TierView): string {
  const way = [...(balancer === undefined ? [] : ['balancer']), ...(floatingAddress ? ['floating address'] : [])];
  const lines = [
    `${name}  ×${count}`,
    `${flavor}${volumeGiB > 0 ? `, ${volumeGiB} GiB each` : ''}`,
    ...(runs.length > 0 ? [runs.map(({ title }) => title).join(', ')] : []),
    ...(way.length > 0 ? [way.join(', ')] : []),
  ];
  return quoted(lines.join('\n'));
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
