"""The walls around a step, put up by the init of its namespaces before user code runs.

The kernel's process is made without privileges (`give_up_privileges`) and asks
by `enter`; the init, which user code never runs in, answers in `serve`: the
notebook's folder becomes read-only beneath a private writable layer, ``/tmp``
becomes the step's own, Slipway's home, sockets and other runs disappear. Then
the init gives its privileges up too.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC = 1, 2, 4, 32, 4096, 16384
PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 4, 24, 38
LAST_CAPABILITY = 40
#: What code run by root may still expect to do with its own files; nothing of the host's.
KEPT = {0, 1, 3, 4, 6, 7}  # chown, dac_override, fowner, fsetid, setgid, setuid
TEMPORARY = ["/tmp", "/var/tmp"]

libc = ctypes.CDLL(None, use_errno=True)
#: To the init, in a kernel that it will put walls around.
channel = None


def enter(walls):
    """Have the walls put up and go to the notebook's folder.

    Parameters
    ----------
    walls : dict
        ``folder`` (the notebook's; its writes go to ``layer``), ``layer`` (with
        ``upper``, ``work`` and ``merged``), ``io`` (the step's own exchange
        folder, which stays where it is while its siblings disappear),
        ``hidden`` (folders replaced by empty ones), ``keep`` (folders still
        needed that may lie below hidden ones: the interpreter's, our Python files'),
        ``shared`` (folders the step may write to that outlive it).

    Raises
    ------
    OSError
        A wall could not be put up; says which.
    """
    global channel
    channel.send(json.dumps(walls).encode())
    answer = channel.recv(4096).decode()
    channel.close()
    channel = None
    if answer != "done":
        raise OSError(answer or "the step's first process ended")
    os.chdir(walls["folder"])
    os.environ["TMPDIR"] = "/tmp"


def serve(channel):
    """In the init: put up the walls when the kernel asks for them; returns then, or when the kernel is gone."""
    request = channel.recv(65536)
    if request:
        try:
            put_up(**json.loads(request))
            answer = "done"
        except Exception as error:  # noqa: BLE001 - told to the kernel, which has no step without walls
            answer = f"{type(error).__name__}: {error}"
        give_up_privileges()
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
        channel.send(answer.encode()[:4000])


def put_up(folder, layer, io, hidden, keep, shared=()):
    """Change what this mount namespace shows; see `enter`."""
    folder, io = os.path.realpath(folder), os.path.realpath(io)
    hidden = [os.path.realpath(path) for path in hidden if os.path.isdir(path)]
    closed = [*TEMPORARY, *hidden]
    kept = [path for path in _outermost(keep) if _is_below(path, closed) and not (_is_below(path, [folder]) and not _is_below(path, hidden))]
    shared = [os.path.realpath(path) for path in shared]
    opened = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in [*kept, *shared, io, os.path.join(io, "in")]}
    merged = _layered(folder, layer, hidden)
    for path in closed:
        _hide(path)
    os.makedirs(folder, exist_ok=True)
    _bind(merged, folder)
    for path in hidden:
        if _is_below(path, [folder]):
            _hide(path)  # the layer shows again what lies beneath it
    for path in kept:
        _bind(opened[path], path, is_writable=False)
    for path in [io, *shared]:
        _bind(opened[path], path)
    # Inputs are links to stored content, which all runs share.
    _bind(opened[os.path.join(io, "in")], os.path.join(io, "in"), is_writable=False)


def give_up_privileges():
    """No capability but those on own files, and no way to gain one; before this process has threads, for they keep theirs."""
    for capability in range(LAST_CAPABILITY + 1):
        if capability not in KEPT:
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    mask = sum(1 << c for c in KEPT)

    class Header(ctypes.Structure):
        _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]

    class Data(ctypes.Structure):
        _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]

    header = Header(0x20080522, 0)
    data = (Data * 2)(Data(mask, mask, 0), Data(0, 0, 0))
    if libc.capset(ctypes.byref(header), ctypes.byref(data)) != 0:
        empty = (Data * 2)()
        libc.capset(ctypes.byref(header), ctypes.byref(empty))
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _outermost(paths):
    real = sorted({os.path.realpath(p) for p in paths if os.path.isdir(p)})
    return [p for p in real if not _is_below(p, [q for q in real if q != p])]


def _is_below(path, roots):
    return any(path == root or path.startswith(root.rstrip("/") + "/") for root in roots)


def _layered(folder, layer, hidden):
    """Descriptor of the folder beneath a writable layer: overlayfs, or a copy where it is refused."""
    merged, upper, work = (os.path.join(layer, name) for name in ("merged", "upper", "work"))
    for options in ("", ",userxattr"):
        try:
            _mount("overlay", merged, "overlay", MS_NOSUID | MS_NODEV, f"lowerdir={_escaped(folder)},upperdir={_escaped(upper)},workdir={_escaped(work)}{options}")
            return os.open(merged, os.O_PATH | os.O_DIRECTORY)
        except OSError:
            continue

    def ignored(parent, names):
        return [n for n in names if n in (".git", "node_modules", ".ipynb_checkpoints") or _is_below(os.path.join(parent, n), [*hidden, layer])]

    shutil.copytree(folder, merged, symlinks=True, dirs_exist_ok=True, ignore=ignored)
    shutil.copytree(upper, merged, symlinks=True, dirs_exist_ok=True)
    with open(os.path.join(layer, "copied"), "w"):
        pass
    return os.open(merged, os.O_PATH | os.O_DIRECTORY)


def _escaped(path):
    return path.replace("\\", "\\\\").replace(",", "\\,").replace(":", "\\:")


def _hide(path):
    if os.path.isdir(path):
        _mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777" if path in TEMPORARY else "mode=0700")


def _bind(descriptor, target, is_writable=True):
    os.makedirs(target, exist_ok=True)
    _mount(f"/proc/self/fd/{descriptor}", target, None, MS_BIND | MS_REC)
    os.close(descriptor)
    if not is_writable:
        # A bind made in a user namespace keeps the flags of the mount it shows.
        for flags in (MS_NOSUID | MS_NODEV, MS_NOSUID, MS_NODEV, 0):
            if libc.mount(b"none", target.encode(), None, MS_REMOUNT | MS_BIND | MS_RDONLY | flags, None) == 0:
                return
        raise OSError(f"{target} cannot be made read-only: {os.strerror(ctypes.get_errno())}")


def _mount(source, target, kind, flags, data=None):
    if libc.mount(source.encode(), target.encode(), kind and kind.encode(), flags, data and data.encode()) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"mount {kind or 'bind'} on {target}: {os.strerror(number)}")
