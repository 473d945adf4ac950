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
            return sorted(found)[0]
        time.sleep(2)
    raise Failed("volume %s is not attached" % volume)


def file_system(path):
    """Its kind. One is made only where there is nothing at all."""
    ask = ["blkid", "--probe", "--match-tag", "TYPE", "--output", "value", path]
    known = run(["blkid", "--probe", path], capture_output=True)
    if known.returncode == 2 and not known.stdout:
        run(["mkfs.ext4", "-q", "-L", "tandem-data", path], check=True)
    kind = run(ask, capture_output=True, text=True).stdout.strip()
    if not kind:
        raise Failed("%s has contents that are no file system, so it is left alone" % path)
    return kind


def mount_volume(volume, folders):
    """The volume, and a folder of it in place of each data folder: as units, so that they are there before what writes to them."""
    base = STATE + "/volume"
    if not os.path.ismount(base):
        path = device(volume)
        mount(base, "What=%s\nType=%s\n" % (path, file_system(path)), "")
    for folder in folders:
        inside = base + folder["path"]
        make_folder(dict(folder, path=inside))
        mount(folder["path"], "What=%s\nType=none\nOptions=bind\n" % inside, "RequiresMountsFor=%s\n" % base)


def mount(path, how, needs):
    os.makedirs(path, exist_ok=True)
    escaped = run(["systemd-escape", "--path", "--suffix=mount", path], check=True, capture_output=True, text=True)
    unit = escaped.stdout.strip()
    text = "[Unit]\n%s\n[Mount]\nWhere=%s\n%s\n[Install]\nWantedBy=multi-user.target\n" % (needs, path, how)
    if write("/etc/systemd/system/" + unit, text):
        systemctl("daemon-reload")
    if not systemctl("is-enabled", "--quiet", unit):
        systemctl("enable", "--quiet", unit)
    if not systemctl("is-active", "--quiet", unit):
        run(["systemctl", "start", unit], check=True)


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
