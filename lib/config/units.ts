/** Units that people write after a number, in seconds or bytes. */
const FACTORS: Readonly<Record<string, { readonly kind: 'time' | 'size'; readonly factor: number }>> = {
  ...each('time', 1, ['s', 'sec', 'second', 'seconds']),
  ...each('time', 60, ['m', 'min', 'minute', 'minutes']),
  ...each('time', 3600, ['h', 'hour', 'hours']),
  ...each('time', 86_400, ['d', 'day', 'days']),
  ...each('size', 1024 ** 2, ['mib', 'mb']),
  ...each('size', 1024 ** 3, ['g', 'gib', 'gb']),
  ...each('size', 1024 ** 4, ['t', 'tib', 'tb']),
};

/** Units that keys end in. */
const KEYS: readonly (readonly [suffix: string, kind: 'time' | 'size', factor: number])[] = [
  ['Seconds', 'time', 1],
  ['Minutes', 'time', 60],
  ['Days', 'time', 86_400],
  ['MiB', 'size', 1024 ** 2],
  ['GiB', 'size', 1024 ** 3],
];

/** The number that belongs under a key whose name has the unit: `2 TiB` under `sizeGiB` is 2048; undefined where it is none. */
export function numberFor(key: string, written: string): number | undefined {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*([a-zA-Z]*|%)\s*$/.exec(written.replaceAll(/(?<=\d)[_,](?=\d{3})/g, ''));
  if (match === null) return undefined;
  const number = Number(match[1]);
  const unit = FACTORS[match[2]?.toLowerCase() ?? ''];
  const wanted = KEYS.find(([suffix, kind]) => key.endsWith(suffix) && kind === unit?.kind);
  if (unit === undefined || wanted === undefined) return number;
  const converted = (number * unit.factor) / wanted[2];
  return Number.isInteger(converted) ? converted : Math.ceil(converted);
}

function each(kind: 'time' | 'size', factor: number, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { kind, factor }]));
}
