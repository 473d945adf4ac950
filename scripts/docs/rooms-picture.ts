import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { type Edge, type Rooms, readRooms } from './rooms.ts';
import { readSources } from './sources.ts';

export const ROOMS_PICTURE = 'docs/pictures/rooms.svg';

/** Layers whose rooms every other may use; arrows to them would hide the rest. */
const VALUES = ['values', 'errors'];

/** `docs/pictures/rooms.svg`: the rooms in their layers; the same bytes for the same imports. */
export async function roomsFiles(root: string): Promise<ReadonlyMap<string, string>> {
  const graphviz = await Graphviz.load();
  return new Map([
    [ROOMS_PICTURE, graphviz.layout(dotOf(readRooms(readSources(root, ['lib', 'stacks']))), 'svg', 'dot')],
  ]);
}

/** The picture as Graphviz reads it. An arrow is left out where others lead the same way, over another room. */
function dotOf({ layers, edges }: Rooms): string {
  const values = new Set(layers.filter(({ name }) => VALUES.includes(name)).flatMap(({ rooms }) => rooms));
  const visible = edges.filter(({ to }) => !values.has(to));
  const filled = layers.filter(({ rooms }) => rooms.length > 0);
  const clusters = filled.map(({ name, rooms }, index) => {
    const boxes = rooms.map((room) => `"${room}"`).join('; ');
    return `subgraph cluster_${index} { label="${name}"; { rank=same; ${boxes} } }`;
  });
  // Invisible arrows keep the layers in their order.
  const order = filled
    .slice(1)
    .map(({ rooms }, index) => `"${filled[index]?.rooms[0]}" -> "${rooms[0]}" [style=invis];`);
  const arrows = visible
    .filter((edge) => !isImplied(edge, visible))
    .map(({ from, to, imports }) => `"${from}" -> "${to}" [label="${imports}"];`);
  return `digraph rooms {
  graph [newrank=true, ranksep=0.3, nodesep=0.5, fontname="Helvetica", fontsize=10, bgcolor="white"];
  graph [labeljust=l, color="#d0d7de", fontcolor="#57606a"];
  node [shape=box, style="rounded,filled", fillcolor="#f6f8fa", color="#57606a", fontname="Helvetica", fontsize=13];
  edge [fontname="Helvetica", fontsize=9, fontcolor="#57606a", color="#57606a", arrowsize=0.6];
  ${[...clusters, ...order, ...arrows].join('\n  ')}
}
`;
}

/** Whether other edges lead from an edge's start to its end as well. */
function isImplied(edge: Edge, edges: readonly Edge[]): boolean {
  const seen = new Set([edge.from]);
  const open = edges.filter(({ from, to }) => from === edge.from && to !== edge.to).map(({ to }) => to);
  for (let room = open.pop(); room !== undefined; room = open.pop()) {
    if (room === edge.to) return true;
    if (seen.has(room)) continue;
    seen.add(room);
    for (const { from, to } of edges) if (from === room) open.push(to);
  }
  return false;
}

/** What a picture shows but for counts and places: rooms and arrows. */
export function shownIn(svg: string): readonly string[] {
  return [...svg.matchAll(/<g id="(?:node|edge)\d+"[^>]*>\s*<title>([^<]*)<\/title>/g)]
    .map(([, title = '']) => title)
    .sort();
}
