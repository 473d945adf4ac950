#!/bin/sh
# One OVN chassis, in user space: chassis.sh HOST NUMBER, inside the lab. The datapath is Open vSwitch's dummy.
set -eu
host=$1
number=$2
directory=/run/chassis/$host
export OVS_RUNDIR=$directory OVN_RUNDIR=$directory
umask 0007
mkdir -p "$directory"
chgrp nova "$directory"
chmod 2770 "$directory"

ovsdb-tool create "$directory/conf.db" /usr/share/openvswitch/vswitch.ovsschema
ovsdb-server "$directory/conf.db" --remote="punix:$directory/db.sock" --unixctl="$directory/ovsdb.ctl" \
  -vconsole:warn --detach --no-chdir --pidfile="$directory/ovsdb-server.pid" --log-file="/var/log/lab/ovsdb-$host.log"
chgrp nova "$directory/db.sock"
chmod 660 "$directory/db.sock"
ovs-vsctl --db="unix:$directory/db.sock" --no-wait init -- set Open_vSwitch . \
  external-ids:system-id="$host" external-ids:hostname="$host" \
  external-ids:ovn-remote=tcp:127.0.0.1:6642 external-ids:ovn-remote-probe-interval=60000 \
  external-ids:ovn-openflow-probe-interval=60 \
  external-ids:ovn-encap-type=geneve external-ids:ovn-encap-ip="127.0.1.$number" \
  external-ids:ovn-bridge-mappings=physnet1:br-ex external-ids:ovn-cms-options=enable-chassis-as-gw \
  -- --may-exist add-br br-int -- --may-exist add-br br-ex \
  -- set bridge br-int datapath_type=dummy fail-mode=secure -- set bridge br-ex datapath_type=dummy
ovs-vswitchd "unix:$directory/db.sock" --enable-dummy=override --disable-system \
  --unixctl="$directory/vswitchd.ctl" -vconsole:warn --detach --no-chdir --pidfile="$directory/ovs-vswitchd.pid" \
  --log-file="/var/log/lab/vswitchd-$host.log"
ovn-controller "unix:$directory/db.sock" \
  -vconsole:warn --detach --no-chdir --pidfile="$directory/ovn-controller.pid" --log-file="/var/log/lab/ovn-controller-$host.log"
