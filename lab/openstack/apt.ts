/** Where Debian itself comes from on this machine. */
export interface DebianMirrors {
  readonly main: string;
  readonly security: string;
}

const DEFAULTS: DebianMirrors = {
  main: 'http://deb.debian.org/debian',
  security: 'http://deb.debian.org/debian-security',
};

/** From sources in either of apt's two formats; what they do not name comes from Debian's own mirror. */
export function debianMirrors(sources: string): DebianMirrors {
  const found = [...oneLineSources(sources), ...stanzaSources(sources)];
  const first = (suite: RegExp): string | undefined => found.find((source) => suite.test(source.suite))?.uri;
  return {
    main: first(/^(bookworm|oldstable|stable)$/) ?? DEFAULTS.main,
    security: first(/^(bookworm-security|(old)?stable-security)$/) ?? DEFAULTS.security,
  };
}

export function sourceLines(mirrors: DebianMirrors, keyring: string): readonly string[] {
  const line = (uri: string, suite: string): string => `deb [signed-by=${keyring}] ${uri} ${suite} main`;
  return [
    line(mirrors.main, 'bookworm'),
    line(mirrors.main, 'bookworm-updates'),
    line(mirrors.security, 'bookworm-security'),
  ];
}

/** How this machine reaches its registry (proxies, certificates, checks), from `apt-config dump`. */
export function aptConfiguration(dump: string): string {
  const kept = dump
    .split('\n')
    .filter((line) => /^Acquire::(http|https|Retries|Check-|AllowInsecure|ForceIPv)/.test(line));
  return `${[...kept, 'Acquire::Retries "3";', 'Acquire::Languages "none";'].join('\n')}\n`;
}

interface Source {
  readonly uri: string;
  readonly suite: string;
}

function oneLineSources(text: string): readonly Source[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line);
    if (match === null || !(match[3] ?? '').split(/\s+/).includes('main')) return [];
    return [{ uri: match[1] ?? '', suite: match[2] ?? '' }];
  });
}

function stanzaSources(text: string): readonly Source[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map<string, string>();
    for (const line of stanza.split('\n')) {
      const match = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
      if (match !== null) fields.set((match[1] ?? '').toLowerCase(), (match[2] ?? '').trim());
    }
    const words = (name: string): readonly string[] =>
      (fields.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
    if (!words('types').includes('deb') || !words('components').includes('main') || fields.get('enabled') === 'no')
      return [];
    const uri = words('uris')[0];
    return uri === undefined ? [] : words('suites').map((suite) => ({ uri, suite }));
  });
}
