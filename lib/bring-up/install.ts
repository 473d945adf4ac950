import { shellWord } from '../text/shell-word.ts';
import type { Artefact } from './component.ts';
import type { AnyComponent } from './tier-software.ts';

/** Where artefacts come from, if neither the cloud nor the server says otherwise. */
export const SOURCES: Readonly<Record<Artefact['from'], string>> = {
  apache: 'https://archive.apache.org/dist',
  github: 'https://github.com',
  hashicorp: 'https://releases.hashicorp.com',
  maven: 'https://repo1.maven.org/maven2',
  npm: 'https://registry.npmjs.org',
};

/**
 * A POSIX shell script that installs what components need onto Debian 12: run by servers at their first boot, by Packer for images, by
 * Vagrant and in tests. Safe to repeat, and the same bytes for the same components.
 * @param mirrors base URLs by source, e.g. `maven`. On a machine, lines `maven=URL` in `/etc/tandem/mirrors` go before them, and a
 *   variable `TANDEM_MIRROR_MAVEN` before those.
 */
export function installScript(
  components: readonly AnyComponent[],
  mirrors: Readonly<Record<string, string>> = {},
): string {
  const packages = [...new Set(components.flatMap(packagesOf))].sort();
  const artefacts = components.flatMap(({ install }) => install.artefacts ?? []);
  return [
    HEAD,
    ...(packages.length > 0 ? [PACKAGES, `packages ${packages.map(shellWord).join(' ')}\n`] : []),
    ...(components.some(({ install }) => (install.users ?? []).length > 0) ? [USERS] : []),
    ...(artefacts.length > 0 ? [mirrorFunction(artefacts, mirrors), ARTEFACTS] : []),
    ...components.map(ofComponent),
  ].join('\n');
}

function packagesOf({ install }: AnyComponent): readonly string[] {
  const artefacts = install.artefacts ?? [];
  const zip = artefacts.some(({ unpack }) => unpack === 'zip') ? ['unzip'] : [];
  return [...install.packages, ...(artefacts.length > 0 ? ['ca-certificates', 'curl'] : []), ...zip];
}

function ofComponent({ title, install }: AnyComponent): string {
  const lines = [
    ...(install.users ?? []).map((user) => `user ${shellWord(user)}`),
    ...(install.artefacts ?? []).map(artefactLine),
    ...(install.afterwards === undefined ? [] : [`(\nset -eu\n${install.afterwards.trim()}\n)`]),
  ];
  return lines.length === 0 ? '' : `# ${title}\n${lines.join('\n')}\n`;
}

function artefactLine({ from, path, sha256, to, unpack = 'file', unless }: Artefact): string {
  const line = ['artefact', from, path, sha256, to, unpack].map(shellWord).join(' ');
  return unless === undefined ? line : `if ! { ${unless}; } >/dev/null 2>&1; then ${line}; fi`;
}

const HEAD = `#!/bin/sh
# Installs what this server runs onto Debian 12. Safe to repeat.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
`;

const PACKAGES = String.raw`installed() { dpkg --get-selections | sed -n 's/[[:space:]]*install$//p' | sed 's/:.*//' | sort; }

# Debian's packages without what they merely recommend. Their services neither start now nor at a boot by themselves: they do when their
# settings are there.
packages() {
  installed >"$work/before"
  printf '%s\n' "$@" | sort >"$work/wanted"
  [ -n "$(comm -13 "$work/before" "$work/wanted")" ] || return 0
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 0755 /usr/sbin/policy-rc.d
    trap 'rm -rf "$work" /usr/sbin/policy-rc.d' EXIT
  fi
  apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 update
  apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install "$@"
  installed | comm -13 "$work/before" - >"$work/new"
  while read -r package; do
    dpkg -L "$package" | sed -n 's|^\(/usr\)\{0,1\}/lib/systemd/system/\([^/@]*\.service\)$|\2|p'
  done <"$work/new" | sort -u | while read -r unit; do
    systemctl disable --quiet "$unit" 2>/dev/null || true
  done
}
`;

const USERS = `user() {
  id -u "$1" >/dev/null 2>&1 ||
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$1"
}
`;

function mirrorFunction(artefacts: readonly Artefact[], mirrors: Readonly<Record<string, string>>): string {
  const used = [...new Set(artefacts.map(({ from }) => from))].sort();
  const cases = used.map(
    (from) => `    ${from}) url=${shellWord((mirrors[from] ?? SOURCES[from]).replace(/\/+$/, ''))} ;;`,
  );
  return `# Where a source is: as the environment says, or /etc/tandem/mirrors, or else its own place.
mirror() {
  url=
  case $1 in
${cases.join('\n')}
  esac
  if [ -r /etc/tandem/mirrors ]; then
    own=$(sed -n "s/^$1=//p" /etc/tandem/mirrors | tail -n 1)
    if [ -n "$own" ]; then url=$own; fi
  fi
  printenv "TANDEM_MIRROR_$(printf '%s' "$1" | tr '[:lower:]' '[:upper:]')" || printf '%s\\n' "$url"
}
`;
}

const ARTEFACTS = String.raw`has_sum() { [ -f "$2" ] && printf '%s  %s\n' "$1" "$2" | sha256sum --check --status; }

# artefact SOURCE PATH SHA256 TO file|tar.gz|zip
artefact() {
  if [ "$5" = file ]; then
    if has_sum "$3" "$4"; then return 0; fi
  else
    stamp=/var/lib/tandem-bring-up/artefacts/$3
    if [ -d "$4" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$4" ]; then return 0; fi
  fi
  from=$(mirror "$1")
  curl --fail --silent --show-error --location --retry 3 --output "$work/artefact" "$from/$2"
  if ! has_sum "$3" "$work/artefact"; then
    echo "$from/$2 is not what was expected: its SHA-256 is $(sha256sum "$work/artefact" | cut -d' ' -f1), not $3" >&2
    return 1
  fi
  case $5 in
    file)
      mkdir -p "$(dirname "$4")"
      cp "$work/artefact" "$4.tandem-new"
      chmod 0644 "$4.tandem-new"
      mv "$4.tandem-new" "$4"
      return 0
      ;;
    tar.gz) mkdir -p "$4" && tar -xzf "$work/artefact" -C "$4" --no-same-owner ;;
    zip) mkdir -p "$4" && unzip -q -o "$work/artefact" -d "$4" ;;
  esac
  mkdir -p /var/lib/tandem-bring-up/artefacts
  printf '%s\n' "$4" >"$stamp"
}
`;
