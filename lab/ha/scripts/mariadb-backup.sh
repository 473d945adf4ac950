#!/bin/sh
# What Kolla's kolla_mariadb_backup.sh does in its container: `mariadb-backup.sh full|incremental`, into /backup.
set -eu
cd /backup
now=$(date +%d-%m-%Y-%s)
take() { mariabackup --backup --user=root --stream=mbstream "$@" 2>"/var/log/lab/$(hostname)-mariabackup.log"; }
if [ "$1" = full ]; then
  folder=full-$now
  mkdir "$folder"
  take >"$folder/stream"
  gzip <"$folder/stream" >"$folder/backup-full-$now.mbs.gz"
  rm "$folder/stream"
  echo "/backup/$folder/backup-full-$now.mbs.gz" >last_full_file
else
  folder=incr-$now
  base=$(mktemp -d)
  gunzip --stdout "$(cat last_full_file)" | mbstream -x -C "$base"
  mkdir "$folder"
  take --incremental-basedir="$base" >"$folder/stream"
  gzip <"$folder/stream" >"$folder/backup-incremental-$now.mbs.gz"
  rm -r "$base" "$folder/stream"
fi
