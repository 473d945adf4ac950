
# What the drill of the link adds: strongSwan's encryption in user space, and the programs that stand before its own.
packages libcharon-extra-plugins
# Of the package one plug-in is wanted, and a gateway has none of the others.
dpkg -L libcharon-extra-plugins | grep '^/etc/strongswan.d/charon/.*\.conf$' | grep -v kernel-libipsec | xargs sed -i 's/load = yes/load = no/'
mkdir -p /usr/lib/tandem-lab
[ -e /usr/lib/tandem-lab/charon-systemd ] || mv /usr/sbin/charon-systemd /usr/lib/tandem-lab/charon-systemd
[ -e /usr/lib/tandem-lab/swanctl ] || mv /usr/sbin/swanctl /usr/lib/tandem-lab/swanctl
install -m 0755 /usr/share/tandem-lab/charons.py /usr/sbin/charon-systemd
install -m 0755 /usr/share/tandem-lab/swanctl.py /usr/sbin/swanctl
install -m 0755 /usr/share/tandem-lab/ip.sh /usr/local/sbin/ip
