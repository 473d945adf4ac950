# A database of one member: rows, a full backup, more rows, an incremental one, more rows; then the scripts of a restore, as planned.
set -eu
mkdir -p /run/mysqld /backup /var/log/lab
rm -rf /var/lib/mysql
mkdir /var/lib/mysql
chown mysql /run/mysqld /var/lib/mysql
mariadb-install-db --user=mysql --auth-root-authentication-method=socket >/dev/null 2>&1
start() {
  mariadbd --no-defaults --user=mysql --datadir=/var/lib/mysql --socket=/run/mysqld/mysqld.sock --skip-networking \
    --innodb-buffer-pool-size=32M >/tmp/mariadb.log 2>&1 &
  pid=$!
  for _ in $(seq 200); do
    mariadb -e 'SELECT 1' >/dev/null 2>&1 && return
    sleep 0.3
  done
  cat /tmp/mariadb.log >&2
  exit 1
}
stop() {
  kill "$pid"
  wait "$pid" || true
}
start
mariadb -e 'CREATE DATABASE a; CREATE TABLE a.t (n INT PRIMARY KEY) ENGINE=InnoDB; INSERT INTO a.t VALUES (1),(2),(3)'
sh /given/mariadb-backup.sh full
mariadb -e 'INSERT INTO a.t VALUES (4),(5)'
sh /given/mariadb-backup.sh incremental
mariadb -e 'INSERT INTO a.t VALUES (6)'
stop
mariabackup --version 2>&1
find /backup -mindepth 2 -maxdepth 2 -name '*.gz' -type f -printf '%T@\t%s\t%P\n'
mkdir /backup/restore
cp /backup/full-*/*.gz /backup/restore/full.mbs.gz
cp /backup/incr-*/*.gz /backup/restore/incremental.mbs.gz
find /var/lib/mysql -mindepth 1 -delete
bash -c "$(cat /given/prepare)" >/dev/null 2>&1
bash -c "$(cat /given/copy-back)" >/dev/null 2>&1
start
echo "rows $(mariadb -N -e 'SELECT GROUP_CONCAT(n ORDER BY n) FROM a.t')"
stop
