#!/bin/sh
# Run in the switch's name spaces: `power-on.sh HOST ADDRESS MAC`. Plugs a host in and starts its process 1, in name spaces of its own.
# Its disk is what it was when it was last off.
set -eu
host=$1
address=$2
mac=$3

# Of the last time that it was on: its interfaces go with it, and with them the addresses that it held.
ip netns delete "$host" 2>/dev/null || true
ip link delete "p-$host" 2>/dev/null || true
ip netns add "$host"
ip link add "p-$host" type veth peer name eth0 netns "$host"
ip -n "$host" link set lo up
ip -n "$host" link set eth0 address "$mac"
ip -n "$host" address add "$address/24" dev eth0
ip -n "$host" link set eth0 up
ip link set "p-$host" master rack up
exec nsenter "--net=/run/netns/$host" unshare --mount --pid --uts --ipc --fork --kill-child=SIGKILL -- \
  /bin/sh /lab/scripts/host.sh "$host"
