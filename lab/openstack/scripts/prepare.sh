#!/bin/sh
# Directories and owners that Debian's start scripts would make: prepare.sh HOST..., inside the lab.
set -eu
own() { # own USER DIRECTORY...
  user=$1
  shift
  mkdir -p "$@"
  chown -R "$user:$user" "$@"
}
own mysql /run/mysqld /var/lib/mysql
own rabbitmq /var/lib/rabbitmq
own keystone /etc/keystone/fernet-keys /etc/keystone/credential-keys
own glance /var/lib/glance/images
own octavia /run/octavia
own cinder /var/lib/cinder
own designate /var/lib/designate
own barbican /var/lib/barbican
own neutron /var/lib/neutron
chmod 700 /etc/keystone/fernet-keys /etc/keystone/credential-keys
# Settings hold passwords: each for its own service only.
for service in keystone glance placement nova neutron cinder octavia designate barbican rabbitmq; do
  chgrp -R "$service" "/etc/$service"
  chmod -R u=rwX,g=rX,o= "/etc/$service"
done
mkdir -p /run/chassis /run/ovn /var/lib/ovn
for host in "$@"; do
  own nova "/var/lib/nova/$host"
  chown nova "/var/log/lab/nova-compute-$host.log"
done
