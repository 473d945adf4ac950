#!/bin/sh
# Directories and owners that Debian's start scripts would make, at each start of a controller.
set -eu
mkdir -p /run/mysqld /run/haproxy /run/ovn /run/lock /var/lib/ovn /etc/neutron /etc/nova
chmod 1777 /run/lock
# Debian has it, but for the link.
ln -sf rabbitmq-queues /usr/sbin/rabbitmq-streams
# As Kolla's container has it, for its health check's own account; here root's, through the socket.
printf '[client]\nuser = root\nsocket = /run/mysqld/mysqld.sock\n' >/etc/mysql/healthcheck.cnf
chmod 600 /etc/mysql/healthcheck.cnf
chown mysql:mysql /run/mysqld
[ "$(stat -c %U /var/lib/mysql)" = mysql ] || chown -R mysql:mysql /var/lib/mysql
chown -R rabbitmq:rabbitmq /var/lib/rabbitmq /etc/rabbitmq
chmod 400 /var/lib/rabbitmq/.erlang.cookie
chown -R keystone:keystone /etc/keystone
chmod 700 /etc/keystone/fernet-keys /etc/keystone/credential-keys
for service in keystone nova neutron; do
  mkdir -p "/var/lib/$service"
  chown "$service:$service" "/var/lib/$service"
  chgrp -R "$service" "/etc/$service"
  chmod -R u=rwX,g=rX,o= "/etc/$service"
done
if [ ! -d /var/lib/mysql/mysql ]; then
  mariadb-install-db --user=mysql --auth-root-authentication-method=socket >/dev/null
fi
