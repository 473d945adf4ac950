/** What the program does to a server: processes, files, volumes, names. */
export const SYSTEM = String.raw`
class Failed(Exception):
    """A step that did not work out; the timer tries again."""


def log(text):
    print(text, flush=True)


def run(command, **options):
    return subprocess.run(command, stdin=subprocess.DEVNULL, **options)


def shell(command, timeout, **environment):
    """A command of a component: its end in 0 or not, never what it was given, which may have secrets."""
    try:
        return run(["sh", "-c", command], timeout=timeout, env=dict(os.environ, **environment)).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def systemctl(*arguments):
    return run(["systemctl", *arguments], stdout=subprocess.DEVNULL).returncode == 0


def write(path, text, mode=0o644, owner="root:root"):
    """In one step: whoever reads sees the old file or the new one. True where anything changed."""
    try:
        with open(path) as file:
            same = file.read() == text
        was = os.stat(path)
    except (FileNotFoundError, UnicodeDecodeError):
        same, was = False, None
    user, group = ids(owner)
    if same and (stat.S_IMODE(was.st_mode), was.st_uid, was.st_gid) == (mode, user, group):
        return False
    os.makedirs(os.path.dirname(path), exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".tandem-")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(handle)
        if os.geteuid() == 0:
            os.chown(temporary, user, group)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return True


def ids(owner):
    if owner is None or os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    user, _, group = owner.partition(":")
    try:
        account = pwd.getpwnam(user)
        return account.pw_uid, grp.getgrnam(group).gr_gid if group else account.pw_gid
    except KeyError:
        raise Failed("there is no user or group " + owner)


def block(path, lines):
    """Lines of ours in a file that others write too, between two marks."""
    begin, end = "# tandem begin", "# tandem end"
    text = ""
    if os.path.exists(path):
        with open(path) as file:
            text = file.read()
    text = re.sub(r"(?ms)^%s\n.*?^%s\n" % (begin, end), "", text)
    if text and not text.endswith("\n"):
        text += "\n"
    return write(path, text + "\n".join([begin, *lines, end, ""]))


def device(volume):
    """Virtio shows the first 20 characters of a volume's id, SCSI all of them."""
    for wait in range(30):
        found = glob.glob("/dev/disk/by-id/*%s*" % glob.escape(volume[:20]))
        if found:
            return os.path.realpath(sorted(found)[0])
        time.sleep(2 if wait else 0)
    raise Failed("volume %s is not attached" % volume)


def mount_volume(volume, folders):
    """The volume, and a folder of it in place of each data folder. A file system is made only where there is nothing at all."""
    path = device(volume)
    ask = ["blkid", "--probe", "--match-tag", "UUID", "--output", "value", path]
    known = run(ask, capture_output=True, text=True)
    if known.returncode == 2 and not known.stdout:
        run(["mkfs.ext4", "-q", "-L", "tandem-data", path], check=True)
        known = run(ask, capture_output=True, text=True)
    uuid = known.stdout.strip()
    if not uuid:
        raise Failed("%s has contents without a UUID, so it is left alone" % path)
    base = STATE + "/volume"
    lines = ["UUID=%s %s ext4 defaults,nofail,x-systemd.device-timeout=60s 0 2" % (uuid, base)]
    for folder in folders:
        inside = base + folder["path"]
        lines.append("%s %s none bind,nofail,x-systemd.requires-mounts-for=%s 0 0" % (inside, folder["path"], base))
    if block("/etc/fstab", lines):
        systemctl("daemon-reload")
    mount(base)
    for folder in folders:
        make_folder(dict(folder, path=base + folder["path"]))
        mount(folder["path"])


def mount(path):
    os.makedirs(path, exist_ok=True)
    if not os.path.ismount(path) and run(["findmnt", "--mountpoint", path], stdout=subprocess.DEVNULL).returncode != 0:
        run(["mount", path], check=True)


def make_folder(folder):
    os.makedirs(folder["path"], exist_ok=True)
    os.chown(folder["path"], *ids(folder["owner"]))
    os.chmod(folder["path"], int(folder["mode"], 8))


def answers(address, port):
    try:
        socket.create_connection((address, port), timeout=3).close()
        return True
    except OSError:
        return False
`;
