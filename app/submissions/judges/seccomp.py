"""The system calls a boxed program may not make, as the kernel's own filter (classic BPF), assembled by hand.

A network namespace stops neither UNIX sockets nor VSOCK, so `socket` itself is denied; `socketpair` stays, because
asyncio and javac need it. Where fork is denied, one process is the whole program: its
processor time and its peak of memory are exact.
"""

import errno
import platform
import struct
from dataclasses import dataclass

KILL, ALLOW, ERRNO = 0x8000_0000, 0x7FFF_0000, 0x0005_0000
LOAD_WORD, JUMP_IF_EQUAL, JUMP_IF_AT_LEAST, JUMP_IF_SET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT = 0, 4, 16
CLONE_THREAD = 0x10000
X32 = 0x4000_0000
CLONE3 = 435

# Numbered alike on every architecture: all calls since Linux 5.1.
DENIED_EVERYWHERE = {
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_open": 434,
    "pidfd_getfd": 438,
    "mount_setattr": 442,
    "quotactl_fd": 443,
    "memfd_secret": 447,
}
# Name: (x86-64, aarch64).
DENIED = {
    "socket": (41, 198),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "personality": (135, 92),
    "reboot": (169, 142),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "fanotify_init": (300, 262),
    "vhangup": (153, 58),
}


@dataclass(frozen=True)
class Machine:
    """What differs between architectures; `column` is theirs in DENIED, `forks` the calls that can only fork."""

    audit: int
    column: int
    clone: int
    forks: tuple[int, ...]


MACHINES = {
    "x86_64": Machine(audit=0xC000_003E, column=0, clone=56, forks=(57, 58)),
    "aarch64": Machine(audit=0xC000_00B7, column=1, clone=220, forks=()),
}


def seccomp_filter(*, can_fork: bool, machine: str = platform.machine()) -> bytes:
    """The filter as the kernel takes it; KeyError for an architecture whose numbers are not known."""
    here = MACHINES[machine]
    program = [
        _instruction(LOAD_WORD, ARCHITECTURE_AT),
        _instruction(JUMP_IF_EQUAL, here.audit, 1, 0),
        _instruction(RETURN, KILL),
        _instruction(LOAD_WORD, NUMBER_AT),
    ]
    if machine == "x86_64":
        program += [_instruction(JUMP_IF_AT_LEAST, X32, 0, 1), _instruction(RETURN, KILL)]
    # The flags of clone3 are out of a filter's reach; the C library falls back to clone when it is missing.
    program += _answer(CLONE3, errno.ENOSYS)
    denied = [numbers[here.column] for numbers in DENIED.values()] + list(DENIED_EVERYWHERE.values())
    for number in denied if can_fork else [*here.forks, *denied]:
        program += _answer(number, errno.EPERM)
    if not can_fork:
        program += _threads_only(here.clone)
    return b"".join([*program, _instruction(RETURN, ALLOW)])


def _answer(number: int, error: int) -> list[bytes]:
    return [_instruction(JUMP_IF_EQUAL, number, 0, 1), _instruction(RETURN, ERRNO | error)]


def _threads_only(clone: int) -> list[bytes]:
    return [
        _instruction(JUMP_IF_EQUAL, clone, 0, 3),
        _instruction(LOAD_WORD, FIRST_ARGUMENT_AT),
        _instruction(JUMP_IF_SET, CLONE_THREAD, 1, 0),
        _instruction(RETURN, ERRNO | errno.EPERM),
    ]


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
