import { nearestOf } from '../../text/nearest.ts';
import { RELEASE } from './release.ts';

/** Who lays a file of one's own over what it makes. */
export interface OverrideReader {
  readonly roles: readonly string[];
  /** Services of those roles that read it; of a file for one of them, that alone. */
  readonly services: readonly string[];
  /** The one host that it holds for. @default every host */
  readonly host?: string;
}

interface Pattern {
  readonly role: string;
  readonly path: RegExp;
  /** What a slip may have been meant to be. */
  readonly examples: readonly string[];
}

const servicesOf = (role: string): string[] =>
  role === 'haproxy-config'
    ? ['haproxy']
    : Object.entries(RELEASE.services).flatMap(([name, each]) => (each.role === role ? [name] : []));

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** What stands in folders of which a role reads every file, and whose names it cannot know. */
const ANY = '[\\w.@-]+';

/** Files of a role's folder that are no configuration: rules of access, alerts. */
function inFolder(folder: string): string {
  if (folder === 'prometheus/') return `${ANY}\\.rules`;
  return folder.split('/').length > 2 ? '.+' : '(?:\\w+_)?policy\\.(?:ya?ml|json)';
}

function patternOf(role: string, path: string): Pattern {
  const names = [...new Set(servicesOf(role))];
  const isForService = /\.(?:conf|ini)$/.test(path) && !path.startsWith('haproxy') && names.length > 0;
  let isFirst = true;
  const source = path
    .split(/(<host>|\*)/)
    .map((part) => {
      if (part === '<host>') return `(?<host>${ANY})`;
      if (part !== '*') return escaped(part);
      const isName = isForService && isFirst;
      isFirst = false;
      return isName ? `(?:${names.map(escaped).join('|')})` : ANY;
    })
    .join('');
  // Keyrings and certificates, which are no text of a configuration; what else a role names itself is YAML.
  const isWhole = /^[^/]+\/(?:<host>\/)?\*$/.test(path) && role !== 'haproxy-config';
  const end = path.endsWith('/') ? inFolder(path) : isWhole ? '' : '(?:/.+)?';
  const whole = isWhole ? source.replace(/\[\\w\.@-\]\+$/, '[\\w-]+\\.ya?ml') : source;
  const examples = path.includes('*') && isForService ? names.map((name) => path.replace('*', name)) : [path];
  return {
    ...{ role, path: new RegExp(`^${whole}${end}$`) },
    examples: examples.filter((each) => !/[*<]|\/$/.test(each)),
  };
}

const PATTERNS: readonly Pattern[] = Object.entries(RELEASE.overrides).flatMap(([role, paths]) =>
  paths.map((path) => patternOf(role, path)),
);

/**
 * Who reads a file of one's own, undefined where no role of the release does.
 * @param path below `config/`: `nova/nova-compute.conf`
 */
export function readerOf(path: string): OverrideReader | undefined {
  const found = PATTERNS.flatMap(({ role, path: pattern }) => {
    const match = pattern.exec(path);
    return match === null ? [] : [{ role, host: match.groups?.['host'] }];
  });
  // A file that is read for every host is not one host's, whatever its folder looks like.
  const wide = found.filter(({ host }) => host === undefined);
  const [{ host } = { host: undefined }] = wide.length > 0 ? wide : found;
  if (found.length === 0) return undefined;
  const roles = [...new Set((wide.length > 0 ? wide : found).map(({ role }) => role))];
  const all = roles.flatMap(servicesOf);
  const parts = path.split('/').map((part) => part.replace(/\.\w+$/, ''));
  const own = all.filter((name) => parts.includes(name));
  return { roles, services: own.length > 0 ? own : all, ...(host === undefined ? {} : { host }) };
}

const EXAMPLES = [...new Set(PATTERNS.flatMap(({ examples }) => examples))];

/** The file that is read and was meant by one that is not: of the same name elsewhere, or with a slip of the fingers. */
export function nearestOverride(path: string): string | undefined {
  const nameOf = (each: string): string => each.slice(each.lastIndexOf('/') + 1);
  const [elsewhere, ...more] = EXAMPLES.filter((each) => nameOf(each) === nameOf(path));
  return elsewhere !== undefined && more.length === 0 ? elsewhere : nearestOf(path, EXAMPLES);
}
