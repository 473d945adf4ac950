#!/bin/sh
# Runs a script on a copy of the packages that is thrown away: `inside.sh ROOT FOLDER SCRIPT`, in name spaces of its own (mount, pid, net).
# What is in FOLDER is in /given there.
set -eu
root=$1 given=$2 script=$3
place=$(mktemp -d)
mount -t tmpfs tmpfs "$place"
mkdir "$place/upper" "$place/work" "$place/root"
mount -t overlay overlay -o "lowerdir=$root,upperdir=$place/upper,workdir=$place/work" "$place/root"
mount -t proc proc "$place/root/proc"
mount --rbind /dev "$place/root/dev"
mkdir "$place/root/given"
mount --bind "$given" "$place/root/given"
ip link set lo up
exec chroot "$place/root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root bash "/given/$script"
