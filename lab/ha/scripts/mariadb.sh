#!/bin/sh
# MariaDB with Galera on this host. After a crash the position is read from the tables first, so that a return is a matter of the
# writes that were missed (IST) and not of a whole copy (SST).
set -eu
data=/var/lib/mysql
settings=/etc/mysql/tandem.cnf
set --
if [ -e /etc/tandem/bootstrap ]; then
  # Once only: a host that bootstraps again would found a second cluster.
  rm /etc/tandem/bootstrap
  set -- --wsrep-new-cluster
fi
if grep -qs 'seqno: *-1' "$data/grastate.dat"; then
  log=/tmp/recovery.$$
  mariadbd "--defaults-file=$settings" --user=mysql --wsrep-recover --log-error="$log" --skip-networking >/dev/null 2>&1 || true
  position=$(sed -n 's/.*Recovered position: *//p' "$log" | tail -1)
  rm -f "$log"
  # The whole `uuid:seqno`: a number alone is not accepted.
  # As mariadbd-safe says it, into the same log.
  [ -z "$position" ] || echo "mariadbd-safe: WSREP: Recovered position $position"
  [ -z "$position" ] || set -- "$@" "--wsrep_start_position=$position"
fi
exec mariadbd "--defaults-file=$settings" --user=mysql "$@"
