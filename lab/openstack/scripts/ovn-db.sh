#!/bin/sh
# One OVN database in the foreground: ovn-db.sh nb|sb PORT, inside the lab.
set -eu
name=$1
port=$2
ovsdb-tool create "/var/lib/ovn/$name.db" "/usr/share/ovn/ovn-$name.ovsschema"
# The listener comes from the database, for there the inactivity probe can be longer than 5 s: two busy cores need it.
ovsdb-tool transact "/var/lib/ovn/$name.db" "$(sed "s/PORT/$port/" "/etc/lab/ovn-$name.json")" >/dev/null
exec ovsdb-server "/var/lib/ovn/$name.db" --remote="punix:/run/ovn/ovn${name}_db.sock" \
  --remote="db:$( [ "$name" = nb ] && echo OVN_Northbound,NB_Global || echo OVN_Southbound,SB_Global),connections" \
  --unixctl="/run/ovn/ovn${name}_db.ctl"
