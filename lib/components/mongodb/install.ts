/**
 * MongoDB's own packages for Debian 12, since Debian has none. The key that signs them is known by its fingerprint; a line
 * `mongodb=URL` in `/etc/tandem/mirrors` names a mirror with the folders `apt/` and `pgp/` in place of MongoDB's two hosts.
 */
export const INSTALL_MONGODB = `if ! dpkg -s mongodb-org-server mongodb-mongosh mongodb-database-tools >/dev/null 2>&1; then
  own=$(sed -n 's/^mongodb=//p' /etc/tandem/mirrors 2>/dev/null || true)
  packages=https://repo.mongodb.org/apt/debian
  key=https://pgp.mongodb.com/server-8.0.asc
  if [ -n "$own" ]; then
    packages=$own/apt
    key=$own/pgp/server-8.0.asc
  fi
  folder=$(mktemp -d)
  curl --fail --silent --show-error --location --retry 3 --output "$folder/key.asc" "$key"
  prints=$(gpg --homedir "$folder" --show-keys --with-colons "$folder/key.asc" | sed -n 's/^fpr:*\\([0-9A-F]*\\):$/\\1/p')
  if [ "$prints" != 4B0752C1BCA238C0B4EE14DC41DE058A4E7DCA05 ]; then
    echo "$key is not the key that MongoDB 8.0 is signed with" >&2
    exit 1
  fi
  install -D -m 0644 "$folder/key.asc" /etc/apt/keyrings/mongodb.asc
  rm -r "$folder"
  echo "deb [signed-by=/etc/apt/keyrings/mongodb.asc] $packages bookworm/mongodb-org/8.0 main" >/etc/apt/sources.list.d/mongodb.list
  apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 update
  apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \\
    install mongodb-org-server mongodb-mongosh mongodb-database-tools
fi`;
