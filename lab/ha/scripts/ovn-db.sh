#!/bin/sh
# One member of an OVN database's raft cluster: `ovn-db.sh nb|sb PORT RAFT-PORT ADDRESS ELECTION-MS OTHER-MEMBER...`.
set -eu
name=$1 port=$2 raft=$3 address=$4 election=$5
shift 5
file=/var/lib/ovn/$name.db
schema=$( [ "$name" = nb ] && echo OVN_Northbound || echo OVN_Southbound )
table=$( [ "$name" = nb ] && echo NB_Global || echo SB_Global )
mkdir -p /run/ovn /var/lib/ovn
if [ ! -e "$file" ]; then
  # Once only, and on one host: any other that creates a database founds a second cluster.
  if [ -e "/etc/tandem/found-$name" ]; then
    rm "/etc/tandem/found-$name"
    ovsdb-tool "--election-timer=$election" create-cluster "$file" "/usr/share/ovn/ovn-$name.ovsschema" "tcp:$address:$raft"
  else
    ovsdb-tool join-cluster "$file" "$schema" "tcp:$address:$raft" "$@"
  fi
fi
exec ovsdb-server "$file" "--remote=punix:/run/ovn/ovn${name}_db.sock" "--remote=ptcp:$port:$address" \
  "--remote=db:$schema,$table,connections" "--unixctl=/run/ovn/ovn${name}_db.ctl"
