#!/bin/sh
# The lab's process 1: run in mount, process and host namespaces of its own by sandbox.ts, as `sandbox.sh DIRECTORY`.
# Everything is mounted here, privately: when this process ends the kernel ends the rest, and nothing stays mounted.
set -eu
directory=$1
state=$directory/state
root=$state/root

mount --make-rprivate /
mount -t tmpfs -o size=75%,mode=755 tandem-lab "$state"
mkdir "$state/upper" "$state/work" "$root"
mount -t overlay -o "lowerdir=$directory/root,upperdir=$state/upper,workdir=$state/work" overlay "$root"

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
mount --bind "$directory/log" "$root/var/log/lab"

hostname lab
printf '127.0.0.1 localhost lab\n' >"$root/etc/hosts"
: >"$root/etc/resolv.conf"
chmod 755 "$root/run"
mkdir -p "$root/run/lock"
chmod 1777 "$root/run/lock"

# SIGCHLD is ignored, and stays so across exec: the kernel then reaps whatever the services orphan.
trap '' CHLD
: >"$root/run/lab-ready"
exec chroot "$root" /bin/sleep infinity
