"""Imports what most steps need once, then forks kernels that are ready in a moment.

Started by the daemon as ``python zygote.py``; reads one JSON object a line:
``{"id", "connectionFile", "log", "isolate"}`` forks a kernel. Writes one a
line: ``{"ready": true}`` at first, ``{"id", "pid", "init"}`` when a kernel was
forked (pids as the host sees them), ``{"id", "exit"}`` when it and all that it
started have ended (negative: a signal), with ``"error"`` and, where namespaces
are refused, ``"refused"`` when it could not start. Ends with its standard
input, and its kernels with it. Holds no secret of ours.

What a fork makes::

    zygote ── keeper ── init ── kernel ── whatever the cells start
                        └──── a pid, mount and ipc namespace ────┘

The keeper stays outside and tells how it ended. The init reaps orphans; its
end is the end of everything in the namespace. It puts up the walls when the
kernel is given its step (`slipway.step.sandbox`): the kernel itself, whose
threads run user code, never has the privileges for it.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import importlib
import json
import os
import signal
import socket
import struct
import sys

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
MS_REC, MS_PRIVATE = 16384, 1 << 18
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
#: Imported where installed; torch and tensorflow never, for they do not survive a fork.
WARM = ["numpy", "pandas", "pyarrow.parquet", "sklearn.linear_model", "sklearn.ensemble", "sklearn.metrics", "sklearn.model_selection", "cloudpickle", "joblib", "threadpoolctl"]
KERNEL = ["IPython", "ipykernel.kernelapp", "ipykernel.ipkernel", "zmq", "tornado.ioloop", "comm", "jupyter_client", "matplotlib_inline"]
#: What a step's kernel needs of ours; compiled in each of them where it is not imported here, for a kernel's code folders are read-only.
OURS = ["slipway.kernel_app", "slipway.step.sandbox", "slipway.step.values", "slipway.step.models", "slipway.step.live_metrics", "slipway.step.logged_metrics", "slipway.hook.capture", "slipway.hook.machine", "slipway.hook.readings"]
#: What a kernel imports while it starts; a third of a second that the zygote spends once.
STARTED = ["tornado.platform.asyncio", "ipykernel.debugger", "ipykernel.zmqshell", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect", "IPython.extensions.storemagic", "IPython.core.magics", "IPython.core.profiledir"]

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    """Raise OSError for a failed call of the C library."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def tell(message):
    """One line, one write: the keepers' reports share the pipe."""
    os.write(1, (json.dumps(message) + "\n").encode())


def isolate():
    """Enter namespaces of one's own; for an ordinary user inside a user namespace with the same ids."""
    uid, gid = os.getuid(), os.getgid()
    flags = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWPID
    check(libc.unshare(flags | (CLONE_NEWUSER if uid != 0 else 0)), "unshare")
    if uid != 0:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    check(libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "make mounts private")


def leave_with_parent(parent=None):
    """End when the parent ends; at once if it has."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os._exit(0)


def run_kernel(request, walls):
    """In the innermost process: become a Jupyter kernel and serve until killed."""
    leave_with_parent()
    null = os.open(os.devnull, os.O_RDONLY)
    log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, target in ((null, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.closerange(3, walls.fileno())
    os.closerange(walls.fileno() + 1, 1024)
    sys.stdin = open(0, closefd=False)
    os.environ["JPY_PARENT_PID"] = "0"
    from slipway.step import sandbox

    if request["isolate"]:
        sandbox.give_up_privileges()
        sandbox.channel = walls
    else:
        walls.close()
    import random

    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    from slipway import kernel_app

    kernel_app.initialized(request["connectionFile"]).start()


def run_init(request, channel):
    """First process of the namespace: makes the kernel, puts up its walls when asked, reaps, ends with it."""
    leave_with_parent()
    if request["isolate"]:
        check(libc.mount(b"proc", b"/proc", b"proc", 0, None), "mount /proc")
    else:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    kernel = os.fork()
    if kernel == 0:
        ours.close()
        channel.send(b"born")  # from the kernel itself, so that the keeper hears its pid as the host numbers it
        channel.close()
        run_kernel(request, theirs)
        os._exit(0)
    theirs.close()
    null = os.open(os.devnull, os.O_RDWR)
    for target in (0, 1, 2):
        os.dup2(null, target)  # user code may look into this process: it holds no pipe of the daemon's
    if request["isolate"]:
        from slipway.step import sandbox

        sandbox.serve(ours)
    ours.close()
    while True:
        pid, status = os.wait()
        if pid == kernel:
            break
    if not request["isolate"]:
        end_orphans()
    channel.send(struct.pack("i", os.waitstatus_to_exitcode(status)))
    os._exit(0)


def end_orphans():
    """Without a pid namespace: what the kernel started has come to us; end it."""
    while True:
        try:
            with open(f"/proc/self/task/{os.getpid()}/children") as file:
                children = [int(pid) for pid in file.read().split()]
            for pid in children:
                os.kill(pid, signal.SIGKILL)
            os.wait()
        except (ChildProcessError, ProcessLookupError, OSError):
            return


def keep(request, zygote):
    """Make the namespaces and the init in them; tell of the kernel's birth and end."""
    leave_with_parent(zygote)
    os.setsid()
    if request["isolate"]:
        isolate()
        leave_with_parent(zygote)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    init = os.fork()
    if init == 0:
        ours.close()
        try:
            run_init(request, theirs)
        except BaseException as error:  # noqa: BLE001 - told, whatever it was
            theirs.send(f"error {error}".encode())
        os._exit(70)
    theirs.close()
    message, pid = receive(ours)
    if message != b"born":
        os.waitpid(init, 0)
        raise RuntimeError(message.decode(errors="replace").removeprefix("error ") or "its first process ended")
    tell({"id": request["id"], "pid": pid, "init": init})
    message, _ = receive(ours)
    os.waitpid(init, 0)
    tell({"id": request["id"], "exit": struct.unpack("i", message)[0] if len(message) == 4 else -signal.SIGKILL})


def receive(channel):
    """A message and the pid of its sender, as this process' namespace numbers it."""
    message, extra, _, _ = channel.recvmsg(4096, socket.CMSG_SPACE(struct.calcsize("3i")))
    pids = [struct.unpack("3i", data)[0] for _, kind, data in extra if kind == socket.SCM_CREDENTIALS]
    return message, pids[0] if pids else None


def fork_keeper(request):
    """Fork a keeper and go on."""
    zygote = os.getpid()
    if os.fork() != 0:
        return
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        keep(request, zygote)
    except BaseException as error:  # noqa: BLE001 - told, whatever it was
        refused = isinstance(error, OSError) and error.errno in (errno.EPERM, errno.EACCES, errno.EINVAL, errno.ENOSPC)
        tell({"id": request["id"], "exit": 70, "error": str(error), "refused": refused})
    os._exit(0)


def main():
    leave_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    missing = []
    for name in KERNEL + OURS + STARTED + WARM:
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001 - a package that is missing or broken is not warmed
            missing.append(name)
    fatal = [name for name in ("IPython", "ipykernel.kernelapp", "zmq") if name in missing]
    if fatal:
        tell({"ready": False, "missing": fatal})
        return
    # What was compiled above is kept for the next start; a step leaves nothing in folders of code.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are reaped by the system
    tell({"ready": True})
    while line := sys.stdin.readline():
        fork_keeper(json.loads(line))


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [os.path.dirname(here), *(path for path in sys.path if path not in (here, os.path.dirname(here)))]
    main()
