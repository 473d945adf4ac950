#!/bin/bash
# base.sh FOLDER DIGEST: Debian 12 with systemd, as a cloud's image has it, in FOLDER/base-DIGEST. $SOURCES and $APT_CONFIGURATION say where
# from. Nothing is installed on this machine: mmdebstrap is a script, unpacked beside it.
set -euo pipefail
folder=$1 base=$1/base-$2
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
[ ! -e "$base/etc/debian_version" ] || exit 0
work=$(mktemp -d "$folder/making-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq update || true
apt-get -qq download mmdebstrap
dpkg-deb -x mmdebstrap_*.deb mm
printf '%s' "$SOURCES" >sources.list
printf '%s' "$APT_CONFIGURATION" >apt.conf
export TMPDIR=$work
chmod 0755 "$work"
packages=systemd,systemd-sysv,dbus,python3,ca-certificates,curl,iproute2,iputils-ping,procps,e2fsprogs,util-linux,netbase,tzdata
mm/usr/bin/mmdebstrap --quiet --mode=root --variant=minbase --include="$packages" --aptopt="$work/apt.conf" bookworm "$work/root" sources.list
cd "$work/root"
# Servers reach no mirror, and have no terminal.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
  getty@tty1.service console-getty.service systemd-logind.service; do
  ln -sf /dev/null "etc/systemd/system/$unit"
done
cd /
mv "$work/root" "$base"
