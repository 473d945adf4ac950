#!/bin/bash
# server.sh NAMESPACE CGROUP LOWER FOLDER NAME: a server, from its systemd on. Ends, with all that runs in it, when this process does.
set -euo pipefail
export namespace=$1 group=$2 lower=$3 folder=$4 name=$5
exec unshare --mount bash -euo pipefail -c '
  mount --make-rprivate /
  mkdir -p /run/tandem-form/cgroup
  mount -t cgroup2 cgroup2 /run/tandem-form/cgroup
  mkdir -p "/run/tandem-form/cgroup/$group"
  echo $$ >"/run/tandem-form/cgroup/$group/cgroup.procs"
  exec nsenter --net="/run/netns/$namespace" unshare --mount --pid --fork --kill-child --uts --ipc --cgroup bash -euo pipefail -c '\''
    hostname "$name"
    mount -t overlay overlay -o "lowerdir=$lower,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
    cd "$folder/root"
    mount -t proc proc proc
    mount -t sysfs -o ro sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount -t tmpfs -o mode=755 tmpfs dev
    for device in null zero full random urandom tty; do touch "dev/$device"; mount --bind "/dev/$device" "dev/$device"; done
    mkdir -p dev/pts dev/shm dev/disk/by-id dev/net
    [ ! -e /dev/net/tun ] || { touch dev/net/tun; mount --bind /dev/net/tun dev/net/tun; }
    mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
    mount -t tmpfs tmpfs dev/shm
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
    for link in "$folder"/volumes/*; do
      [ -e "$link" ] || continue
      device=$(readlink "$link")
      touch "dev/$(basename "$device")"
      mount --bind "$device" "dev/$(basename "$device")"
      ln -s "../../$(basename "$device")" "dev/disk/by-id/virtio-$(basename "$link" | cut -c1-20)"
    done
    mount -t tmpfs -o mode=755 tmpfs run
    mount -t tmpfs -o mode=1777 tmpfs tmp
    mkdir -p .before
    pivot_root . .before
    umount -l /.before
    exec env -i container=tandem PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 /lib/systemd/systemd --system --show-status=false --log-target=journal
  '\''
'
