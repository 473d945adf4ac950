"""Runs one nova-compute process per host: python3 -m tandem_lab.hypervisors HOST...

The parent imports Nova once and forks, so that thirty hypervisors cost the start and the memory of few. It ends,
with the name of the host on its last line, as soon as one of them ends.
"""
import os
import sys

from nova.cmd import compute  # importing it also patches the standard library, before anything runs
import nova.compute.manager  # noqa: F401
import nova.network.neutron  # noqa: F401
from tandem_lab import hypervisor

# Nova loads drivers from below nova.virt only: `compute_driver = tandem_lab.LabDriver` finds it there.
sys.modules['nova.virt.tandem_lab'] = hypervisor


def run(host):
    log = os.open('/var/log/lab/nova-compute-%s.log' % host, os.O_WRONLY | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.argv = ['nova-compute', '--config-file', '/etc/nova/nova-cpu.conf',
                '--config-file', '/etc/nova/hosts/%s.conf' % host]
    try:
        compute.main()
    finally:
        sys.stderr.flush()
        os._exit(1)


def main():
    children = {}
    for host in sys.argv[1:]:
        child = os.fork()
        if child == 0:
            run(host)
        children[child] = host
    print('started %d hypervisors' % len(children), flush=True)
    ended, status = os.wait()
    print('nova-compute of %s ended with status %d; see nova-compute-%s.log'
          % (children.get(ended), status, children.get(ended)), flush=True)
    sys.exit(1)


if __name__ == '__main__':
    main()
