/** Where a server asks who it is. */
const METADATA_URL = 'http://169.254.169.254/openstack/latest/meta_data.json';
/** Nova's limit of a value of a server's metadata, in characters. */
export const METADATA_VALUE = 255;
const KEY_PREFIX = 'ssh-key-';
/** A line that hardly any part has; the same every time, so that the bytes are. */
const BOUNDARY = '==tandem-part==';

/**
 * Access keys as metadata of a server, in pieces that fit: `ssh-key-00-0`, `ssh-key-00-1`, … Metadata changes in place, so that a
 * key more or less needs no new server.
 */
export function accessMetadata(sshKeys: readonly string[]): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const [index, key] of [...sshKeys].sort().entries()) {
    for (let at = 0; at * METADATA_VALUE < key.length; at += 1)
      metadata[`${KEY_PREFIX}${String(index).padStart(2, '0')}-${at}`] = key.slice(
        at * METADATA_VALUE,
        (at + 1) * METADATA_VALUE,
      );
  }
  return metadata;
}

/** A script for cloud-init that lets sshd ask the metadata, at each login, which keys may log in as `user`. */
export function accessScript(user: string): string {
  return `#!/bin/sh
# Who may log in is asked of the server's metadata at each login: a changed lease needs no new server.
set -eu
cat >/usr/local/sbin/lease-keys <<'END'
#!/usr/bin/env python3
import json, sys, urllib.request

if sys.argv[1:] == ["${user}"]:
    with urllib.request.urlopen("${METADATA_URL}", timeout=5) as answer:
        meta = json.load(answer).get("meta", {})
    keys = {}
    for name in sorted(meta):
        if name.startswith("${KEY_PREFIX}"):
            keys.setdefault(name.rsplit("-", 1)[0], []).append(meta[name])
    for pieces in keys.values():
        print("".join(pieces))
END
chmod 0755 /usr/local/sbin/lease-keys
mkdir -p /etc/ssh/sshd_config.d
cat >/etc/ssh/sshd_config.d/10-lease-keys.conf <<'END'
AuthorizedKeysCommand /usr/local/sbin/lease-keys %u
AuthorizedKeysCommandUser nobody
END
systemctl reload ssh 2>/dev/null || systemctl reload sshd
`;
}

/** Parts for cloud-init, each of any kind that it knows by its first line, as one document. */
export function joinUserData(parts: readonly string[]): string {
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return first;
  const boundary = boundaryOutside(parts);
  const written = parts.map(
    (part) =>
      `--${boundary}\nMIME-Version: 1.0\nContent-Type: text/plain; charset="utf-8"\n\n${part.replace(/\n?$/, '\n')}`,
  );
  return `Content-Type: multipart/mixed; boundary="${boundary}"\nMIME-Version: 1.0\n\n${written.join('')}--${boundary}--\n`;
}

/** No part can end itself and begin another one. */
function boundaryOutside(parts: readonly string[]): string {
  let boundary = BOUNDARY;
  while (parts.some((part) => part.includes(boundary))) boundary = `=${boundary}=`;
  return boundary;
}
