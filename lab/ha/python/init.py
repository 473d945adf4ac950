"""Process 1 of a host: starts the services of /etc/tandem/host.json, and starts again what ends, as a container engine with
`restart: unless-stopped` does. It also reaps orphans. It ends with the host: when it is killed, everything on the host is.

host.json: {"sysctl": {path: value}, "prepare": [argv], "services": [{"name", "user", "argv", "env", "after"}]}
"after" lists what must answer first: "tcp:ADDRESS:PORT", "http://…" (status below 400) or "file:PATH".
A file /run/tandem/stopped/NAME keeps NAME from being started again; /run/tandem/pid/NAME has the number of its process while it
runs. A host.json that was replaced is read again: new services start, others have their new settings from their next start on, and
those that are not in it any more are not started again.
"""
import grp
import json
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
import urllib.request

RUN = '/run/tandem'
RESTART_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
# A service that ran for this long is started again as Kolla's systemd units do: RestartSec is 120 // 10 - 1. A database that came back
# at once would meet peers that have not given up its former self, and take their majority away for seconds.
SETTLED_SECONDS = 10.0
SETTLED_RESTART_SECONDS = 11.0


class Service:
    def __init__(self, spec):
        self.spec = spec
        self.name = spec['name']
        self.pid = None
        self.started = 0.0
        self.failures = 0
        self.due = 0.0

    def start(self):
        log = os.open('/var/log/lab/%s-%s.log' % (socket.gethostname(), self.name),
                      os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.become(log)
            except BaseException as error:  # noqa: BLE001: the child must not return into the loop
                os.write(log, ('init: %r\n' % error).encode())
            os._exit(127)
        os.close(log)
        self.started = time.monotonic()
        with open('%s/pid/%s' % (RUN, self.name), 'w') as file:
            file.write(str(self.pid))

    def become(self, log):
        os.setsid()
        null = os.open('/dev/null', os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.chdir('/')
        user = self.spec.get('user', 'root')
        entry = pwd.getpwnam(user)
        if user != 'root':
            groups = [group.gr_gid for group in grp.getgrall() if user in group.gr_mem]
            os.setgroups([entry.pw_gid, *groups])
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
        env = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LANG': 'C.UTF-8', 'HOME': '/tmp' if user != 'root' else '/root',
               'PYTHONDONTWRITEBYTECODE': '1', 'PYTHONWARNINGS': 'ignore', **self.spec.get('env', {})}
        argv = self.spec['argv']
        os.execvpe(argv[0], argv, env)

    def ended(self, status):
        now = time.monotonic()
        try:
            os.unlink('%s/pid/%s' % (RUN, self.name))
        except FileNotFoundError:
            pass
        if os.path.exists('%s/stopped/%s' % (RUN, self.name)):
            # Stopped on purpose: no crash, so its next start waits for nothing.
            self.failures = 0
            self.due = now
        elif now - self.started > SETTLED_SECONDS:
            self.failures = 0
            self.due = now + SETTLED_RESTART_SECONDS
        else:
            self.failures += 1
            self.due = now + RESTART_SECONDS[min(self.failures, len(RESTART_SECONDS) - 1)]
        print('%.3f %s ended with status %d' % (time.time(), self.name, status), flush=True)
        self.pid = None

    def ready(self):
        """Whether it may be started: not stopped on purpose, its delay over, and what it waits for there."""
        if os.path.exists('%s/stopped/%s' % (RUN, self.name)) or time.monotonic() < self.due:
            return False
        for condition in self.spec.get('after', []):
            if not answers(condition):
                self.due = time.monotonic() + 0.5
                return False
        return True


def answers(condition):
    try:
        if condition.startswith('file:'):
            return os.path.exists(condition[5:])
        if condition.startswith('http:'):
            with urllib.request.urlopen(condition, timeout=0.5) as answer:
                return answer.status < 400
        _, address, port = condition.split(':')
        with socket.create_connection((address, int(port)), timeout=0.3):
            return True
    except Exception:  # noqa: BLE001: whatever it is, it does not answer
        return False


HOST = '/etc/tandem/host.json'


def read_host():
    with open(HOST) as file:
        return os.fstat(file.fileno()).st_mtime_ns, json.load(file)


def renewed(services, specs):
    """Services by their new descriptions; one that is gone stays in the list until its process has ended."""
    known = {service.name: service for service in services}
    for spec in specs:
        if spec['name'] in known:
            known[spec['name']].spec = spec
        else:
            known[spec['name']] = Service(spec)
    names = {spec['name'] for spec in specs}
    return [service for service in known.values() if service.name in names or service.pid is not None]


def main():
    read, host = read_host()
    sys.stdout = open('/var/log/lab/%s-init.log' % socket.gethostname(), 'a', buffering=1)
    for path, value in host.get('sysctl', {}).items():
        with open('/proc/sys/' + path, 'w') as file:
            file.write(str(value))
    os.makedirs(RUN + '/pid')
    os.makedirs(RUN + '/stopped')
    for argv in host.get('prepare', []):
        # Not yet the reaper's: these are awaited here.
        if subprocess.call(argv, stdout=sys.stdout, stderr=sys.stdout) != 0:
            print('%.3f could not prepare: %s' % (time.time(), ' '.join(argv)), flush=True)
    services = [Service(spec) for spec in host['services']]
    for name in host.get('stopped', []):
        open('%s/stopped/%s' % (RUN, name), 'w').close()
    open(RUN + '/ready', 'w').close()
    print('%.3f up' % time.time(), flush=True)
    while True:
        if os.stat(HOST).st_mtime_ns != read:
            read, host = read_host()
            services = renewed(services, host['services'])
        wanted = {spec['name'] for spec in host['services']}
        for service in services:
            if service.pid is None and service.name in wanted and service.ready():
                service.start()
        try:
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    break
                for service in services:
                    if service.pid == pid:
                        service.ended(status)
        except ChildProcessError:
            pass
        time.sleep(0.05)


if __name__ == '__main__':
    main()
