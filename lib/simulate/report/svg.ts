import type { TopLevelSpec } from 'vega-lite';
import type { Plot } from './plots.ts';

const FONT = 'system-ui,"Liberation Sans",sans-serif';
const text = (prefix: 'label' | 'title', size: number) => ({
  ...{
    [`${prefix}Color`]: 'var(--ink,#1c2530)',
    [`${prefix}Font`]: FONT,
    [`${prefix}FontSize`]: size,
    [`${prefix}FontWeight`]: 'normal',
  },
});
/** How plots are drawn: with the colours of the page's scheme; elsewhere, for a light one. */
const CONFIG = {
  ...{ background: 'transparent', font: FONT, padding: 4 },
  view: { stroke: null },
  axis: {
    ...text('label', 12),
    ...text('title', 12),
    ...{ gridColor: 'var(--line,#d9e0e7)', domainColor: 'var(--soft,#556270)', tickColor: 'var(--soft,#556270)' },
    tickCount: 5,
  },
  legend: { ...text('label', 13), labelLimit: 300 },
  header: { ...text('label', 13), labelFontWeight: 'bold' as const },
  text: { color: 'var(--ink,#1c2530)' },
};

/** A picture of a plot that needs no script: what points say is told by their titles. */
export async function svgOf({ spec, title, description }: Plot): Promise<string> {
  // Both are large, and only pages need them.
  const [{ compile }, { parse, View }] = await Promise.all([import('vega-lite'), import('vega')]);
  // Vega marks the data that it is given.
  const compiled = compile({ ...structuredClone(spec), config: CONFIG } as unknown as TopLevelSpec).spec;
  const drawn = await new View(parse(compiled), { renderer: 'none' }).toSVG();
  return drawn
    .replaceAll(
      /<(\w+) aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="point"([^>]*)\/>/g,
      '<$1$3><title>$2</title></$1>',
    )
    .replaceAll(/ (?:role="graphics-\w+"|aria-\w+="[^"]*")/g, '')
    .replace(/^<svg /, `<svg role="img" aria-label="${escaped(`${title}. ${description}`)}" `);
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
