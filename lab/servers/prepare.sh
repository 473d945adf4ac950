#!/bin/bash
# prepare.sh FOLDER BASE DIGEST SCRIPT COPY...: runs SCRIPT in BASE, and keeps what it changed in FOLDER/layer-DIGEST. Each COPY is FROM=TO, a
# file that is there before. Variables whose names begin with TANDEM_MIRROR_ go to the script.
set -euo pipefail
folder=$1 base=$2 layer=$1/layer-$3 script=$4
shift 4
exec 9>"$layer.lock"
flock 9
[ ! -e "$layer" ] || exit 0
work=$(mktemp -d "$folder/making-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/upper" "$work/work" "$work/root"
export work base script
# What is mounted goes with the namespace, whatever happens in it.
unshare --mount --pid --fork --kill-child bash -euo pipefail -c '
  mount -t overlay overlay -o "lowerdir=$base,upperdir=$work/upper,workdir=$work/work" "$work/root"
  cd "$work/root"
  mount -t proc proc proc
  for device in null zero full random urandom; do touch "dev/$device"; mount --bind "/dev/$device" "dev/$device"; done
  mount -t tmpfs tmpfs tmp
  mount -t tmpfs tmpfs run
  cp --remove-destination /etc/resolv.conf etc/resolv.conf
  cp /etc/ssl/certs/ca-certificates.crt tmp/ca.crt
  for pair in "$@"; do mkdir -p "$(dirname "./${pair#*=}")"; cp -a "${pair%%=*}" "./${pair#*=}"; done
  cp "$script" tmp/install.sh
  passed=()
  while IFS= read -r name; do passed+=("$name=${!name}"); done < <(compgen -e | grep -E "^(TANDEM_MIRROR_|https?_proxy$|no_proxy$)" || true)
  chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin CURL_CA_BUNDLE=/tmp/ca.crt SSL_CERT_FILE=/tmp/ca.crt "${passed[@]}" \
    sh /tmp/install.sh
  chroot . apt-get -qq clean
  rm -rf var/lib/apt/lists/*
  : >etc/resolv.conf
' prepare "$@"
chmod 0755 "$work/upper"
mv "$work/upper" "$layer"
