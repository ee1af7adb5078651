"""Whether the boxes of this machine hold, found out by trying to get out of one."""

import platform
import tempfile
from pathlib import Path

from app.submissions.judges.base import JudgeFault, Limits
from app.submissions.judges.box import run_boxed
from app.submissions.judges.folders import private_folder
from app.submissions.judges.launch import BOX_USER, Order
from app.submissions.judges.recipes import RECIPES
from app.submissions.judges.seccomp import MACHINES, seccomp_filter

LIMITS = Limits(seconds=2, memory_mb=64)
# Only what the shell does by itself. The fork comes last, because it is to end the shell.
ESCAPES = """
[ -e "$1" ] && echo seen
for folder in / /usr /box; do [ -w $folder ] && echo writable; done
while read -r key user rest; do [ "$key" = Uid: ] && echo "user $user"; done </proc/self/status
echo tried
(:) && echo forked
"""
SIGNS = {
    "seen": "A boxed program could see a file of this machine.",
    "writable": "A boxed program could write outside its own folders.",
    "user 0": "A boxed program ran as root.",
    "forked": "A boxed program could start another one.",
}
NOT_HELD = "Nothing is judged here until `flask judge check` is green; another kernel or bubblewrap may help."
NAMESPACES = (
    "Allow user namespaces: sysctl -w user.max_user_namespaces=15000 kernel.unprivileged_userns_clone=1. On Ubuntu, "
    "kernel.apparmor_restrict_unprivileged_userns=0 too. A container needs --security-opt seccomp=unconfined."
)
# What bubblewrap complains of, and what helps; the first that fits.
FIXES = {
    "nknown option": "Install bubblewrap 0.8 or newer.",
    "namespace": NAMESPACES,
    "uid map": NAMESPACES,
    "setpriv": "Run the site as an ordinary user: here, root may not become another one.",
    "proc": "The container hides parts of /proc: start it with --security-opt systempaths=unconfined.",
}

_held: set[bool] = set()


def probe() -> list[JudgeFault]:
    """Everything that is wrong with boxes here, with what helps; empty where they hold."""
    if platform.machine() not in MACHINES:
        known = " and ".join(MACHINES)
        return [_fault(f"Boxes are made for {known}, not for {platform.machine()}.", f"Use a machine with {known}.")]
    try:
        signs = _signs()
    except JudgeFault as fault:
        fixes = [fix for complaint, fix in FIXES.items() if complaint in fault.reason]
        return [_fault(fault.reason, fixes[0] if fixes else fault.fix)]
    except OSError as error:
        return [no_room(error)]
    if "tried" not in signs:
        return [_fault("A box was made, but no program ran in it.", NOT_HELD)]
    return [_fault(sentence, NOT_HELD) for sign, sentence in SIGNS.items() if sign in signs]


def probe_once() -> list[JudgeFault]:
    """The same, looked at until it is right: then it is taken as such for as long as this process lives."""
    faults = [] if _held else probe()
    if not faults:
        _held.add(True)
    return faults


def no_room(error: OSError) -> JudgeFault:
    """The fault of a machine that has not enough of something for another box."""
    fix = "See that this machine has memory, processes and room for files to spare."
    return JudgeFault(f"No box could be made: {error}.", fix, is_temporary=True)


def _signs() -> list[str]:
    with private_folder(BOX_USER) as folder, tempfile.NamedTemporaryFile(prefix="mlbattle-canary-") as canary:
        Path(canary.name).chmod(0o644)
        order = Order(
            ["/bin/sh", "-c", ESCAPES, "sh", canary.name],
            ["--ro-bind", str(folder), "/box"],
            seccomp_filter(can_fork=False),
            RECIPES["python"].run_bounds(LIMITS),
        )
        return run_boxed(order).stdout.decode(errors="replace").splitlines()


def _fault(reason: str, fix: str) -> JudgeFault:
    return JudgeFault(reason, fix, is_temporary=False)
