"""What a worker process may not do, whatever a query makes the engine try: use the network, eat memory.

The guard refuses queries that would call another server. This is the second lock: the kernel itself
refuses the process a socket, so that even a query that slipped past the guard reaches nobody.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import resource
import struct
from typing import Final

__all__ = ["forbid_network", "limit_memory"]

# For each processor: the kernel's name of it, and its numbers of socket() and io_uring_setup().
_MACHINES: Final = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}
_LOAD, _EQUALS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # instructions of the kernel's filter
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
_OTHER_ABI: Final = 0x40000000  # numbers from here on are those of another calling convention
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def forbid_network() -> bool:
    """Make the kernel refuse this thread, and those it starts, any new socket.

    Call it before the engine starts its threads; it cannot be undone. ``False`` where the kernel or the
    processor has no such filter: the guard then stands alone.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None or platform.system() != "Linux":
        return False
    kernel_name, *numbers = machine
    steps = [
        (_LOAD, 0, 0, 4),  # the processor
        (_EQUALS, 1, 0, kernel_name),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_AT_LEAST, len(numbers) + 1, 0, _OTHER_ABI),
        *((_EQUALS, len(numbers) - place, 0, number) for place, number in enumerate(numbers)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def limit_memory(allowance: int) -> None:
    """Let this process take ``allowance`` bytes of address space more than it has now."""
    with open("/proc/self/statm", encoding="ascii") as status:
        used = int(status.read().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = used + allowance
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
