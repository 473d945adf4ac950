#!/bin/sh
# Process 1 of a host, until it hands over to init.py: `host.sh HOST`. Killing it switches the host off.
set -eu
host=$1
disk=/lab/hosts/$host
root=$disk/root

mount --make-rprivate /
mkdir -p "$disk/upper" "$disk/work" "$root"
mount -t overlay -o "lowerdir=/lab/packages,upperdir=$disk/upper,workdir=$disk/work" overlay "$root"
mount -t proc proc "$root/proc"
for name in run tmp; do mount -t tmpfs -o mode=1777 tmpfs "$root/$name"; done
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for name in null zero full random urandom tty; do
  : >"$root/dev/$name"
  mount --bind "/dev/$name" "$root/dev/$name"
done
mkdir -m 1777 "$root/dev/shm"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
mkdir -p "$root/var/log/lab"
mount --bind "/lab/log" "$root/var/log/lab"
hostname "$host"
chmod 755 "$root/run"
: >"$root/etc/resolv.conf"
exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root \
  PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 /usr/lib/tandem/init.py
