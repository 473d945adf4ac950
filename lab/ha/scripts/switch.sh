#!/bin/sh
# The cluster: process 1 of the outermost name spaces, as `switch.sh DIRECTORY SCRIPTS`. It holds the switch and every disk; each
# host's process 1 is below it. When it ends the kernel ends the rest: no process, mount, interface or name space stays.
set -eu
directory=$1
scripts=$2
state=$directory/state
base=$state/base

mount --make-rprivate /
mount -t tmpfs -o size=80%,mode=755 tandem-lab-ha "$state"
mkdir "$state/hosts" "$state/upper" "$state/work" "$base"
mount -t overlay -o "lowerdir=$directory/root,upperdir=$state/upper,workdir=$state/work" overlay "$base"
mount -t proc proc "$base/proc"
mount -t sysfs sysfs "$base/sys"
mount -t tmpfs -o mode=755 tmpfs "$base/run"
mount -t tmpfs -o mode=755 tmpfs "$base/dev"
for name in null zero full random urandom tty; do
  : >"$base/dev/$name"
  mount --bind "/dev/$name" "$base/dev/$name"
done
ln -s /proc/self/fd "$base/dev/fd"
mkdir -p "$base/lab/packages" "$base/lab/hosts" "$base/lab/log" "$base/lab/scripts"
mount --bind "$directory/root" "$base/lab/packages"
mount --bind "$state/hosts" "$base/lab/hosts"
mount --bind "$directory/log" "$base/lab/log"
mount --bind "$scripts" "$base/lab/scripts"
hostname switch

chroot "$base" ip link set lo up
# No spanning tree: a port forwards as soon as its cable is in.
chroot "$base" ip link add rack type bridge stp_state 0 mcast_snooping 0
chroot "$base" ip link set rack up

# SIGCHLD is ignored, and stays so across exec: the kernel then reaps whatever is orphaned.
trap '' CHLD
: >"$base/run/lab-ready"
exec chroot "$base" /bin/sleep infinity
