"""The sandbox as its callers see it, with real boxes and real compilers."""

import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from app.submissions.judges import folders
from app.submissions.judges.base import CompileError, JudgeFault, Limits, Outcome, Verdict
from app.submissions.judges.box import Ended, descendants, run_boxed
from app.submissions.judges.launch import BOX_USER, Order
from app.submissions.judges.probing import probe
from app.submissions.judges.recipes import PYTHON_RUN
from app.submissions.judges.sandbox import Sandbox
from tests.waiting import wait_for

LIMITS = Limits(seconds=2, memory_mb=256)
DOUBLED = b"print(2 * int(input()))\n"


def outcomes(source: bytes, *inputs: bytes, language: str = "python", limits: Limits = LIMITS) -> list[Outcome]:
    return list(Sandbox().run(language, source, limits, inputs or [b""]))


def folders_of(pid: int) -> set[Path]:
    """The private folders that the process holds: other tests have theirs at the same time."""
    held = {link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    return {path for path in held if path.name.startswith(folders.PREFIX)}


ALLOW_ALL = b"\x06\0\0\0\0\0\xff\x7f"
RUBBISH = {
    "nothing": b"",
    "NUL bytes": b"\0\0\0",
    "not UTF-8": b"\xff\xfe\x80",
    "a megabyte": b"x" * 1_000_000,
    "no newline": b"//",
}
RAN = {("python", "nothing"), ("javascript", "nothing"), ("javascript", "no newline")}
FAILED = {("python", "a megabyte"), ("javascript", "a megabyte")}


@pytest.mark.parametrize("language", ["python", "cpp", "java", "javascript"])
@pytest.mark.parametrize("kind", RUBBISH)
def test_rubbish_is_the_programs_fault_and_never_the_judges(language: str, kind: str) -> None:
    try:
        [outcome] = outcomes(RUBBISH[kind], language=language)
    except CompileError as error:
        assert error.output
        assert (language, kind) not in RAN | FAILED
    else:
        assert (language, kind) in (RAN if outcome.verdict is None else FAILED)


def test_every_input_gets_its_own_outcome_in_order() -> None:
    found = outcomes(DOUBLED, b"1\n", b"rubbish\n", b"21\n")
    assert [(each.verdict, each.stdout) for each in found] == [
        (None, b"2\n"),
        (Verdict.RTE, b""),
        (None, b"42\n"),
    ]
    assert b"ValueError" in found[1].stderr
    assert found[1].reason == "It ended with exit status 1."


AS_A_FILE = {
    "exit": (b"print(1)\nexit()\n", 0, b"1\n", b""),
    "quit with a number": (b"print(1)\nquit(3)\n", 3, b"1\n", b""),
    "its name and nothing besides": (
        b"print(__name__, __file__, sorted(name for name in globals() if name[0] != '_'))\n",
        0,
        b"__main__ /box/main.py []\n",
        b"",
    ),
    "an error in line 2": (
        b"def fail(): raise ValueError('no')\nfail()\n",
        1,
        b"",
        b'Traceback (most recent call last):\n  File "/box/main.py", line 2, in <module>\n    fail()\n'
        b"  File \"/box/main.py\", line 1, in fail\n    def fail(): raise ValueError('no')\n"
        b"                ^^^^^^^^^^^^^^^^^^^^^^\nValueError: no\n",
    ),
}


@pytest.mark.parametrize(("source", "status", "stdout", "stderr"), AS_A_FILE.values(), ids=AS_A_FILE)
def test_python_runs_as_a_file_does(source: bytes, status: int, stdout: bytes, stderr: bytes) -> None:
    [outcome] = outcomes(source)
    assert (outcome.stdout, outcome.stderr) == (stdout, stderr)
    assert outcome.reason == (f"It ended with exit status {status}." if status else "")


@pytest.mark.parametrize("words", ["I found no MemoryError", "Cannot allocate memory for more than 10 seats"])
def test_a_program_may_speak_of_memory(words: str) -> None:
    [outcome] = outcomes(f"import sys\nsys.exit({words!r})\n".encode())
    assert (outcome.verdict, outcome.reason) == (Verdict.RTE, "It ended with exit status 1.")


def test_time_and_memory_are_those_of_the_program() -> None:
    [outcome] = outcomes(b"import time\nx = b'x' * 100_000_000\nwhile time.process_time() < 0.3: pass\n")
    assert outcome.verdict is None
    assert 300 <= outcome.cpu_ms < 600
    assert 100_000 < outcome.memory_kb < 120_000


GARBAGE = {
    "java": b"""public class Main { public static void main(String[] arguments) {
        int[][] kept = new int[40][]; long sum = 0;
        for (int turn = 0; turn < 2000; turn++) { kept[turn % 40] = new int[250000]; sum += kept[turn % 40].length; }
        System.out.println(sum); } }""",
    "javascript": b"""const kept = []; let sum = 0;
        for (let turn = 0; turn < 600; turn++) { kept[turn % 40] = new Array(125000).fill(1); sum += 1; }
        console.log(sum);""",
}


@pytest.mark.parametrize("language", GARBAGE)
def test_garbage_that_a_collector_let_grow_is_not_held_against_a_program(language: str) -> None:
    [outcome] = outcomes(GARBAGE[language], language=language, limits=Limits(seconds=10, memory_mb=64))
    assert (outcome.verdict, outcome.memory_kb > 64 * 1024) == (None, True)


BIG_ARRAY = b'#include <cstdio>\nchar big[%d << 20];\nint main() { big[scanf("%%*d")] = 1; puts("fits"); }\n'
LETTERS = b"process.stdout.write('x'.repeat(900000)); process.exit(0);\n"
THREADS = {
    "python": b"""from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(8) as pool: print(sum(pool.map(int, range(100))))
""",
    "cpp": b"""#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>
int main() {
    std::atomic<int> sum{0};
    std::vector<std::thread> threads;
    for (int from = 0; from < 100; from += 10)
        threads.emplace_back([&sum, from] { for (int n = from; n < from + 10; n++) sum += n; });
    for (auto& thread : threads) thread.join();
    printf("%d\\n", sum.load());
}
""",
}


def test_variables_alone_may_be_more_than_a_program_may_hold() -> None:
    found = {mb: outcomes(BIG_ARRAY % mb, language="cpp")[0] for mb in (240, 260)}
    assert (found[240].verdict, found[240].stdout) == (None, b"fits\n")
    assert (found[260].verdict, found[260].reason) == (Verdict.MLE, "It ran out of its 256 MB.")


@pytest.mark.parametrize("language", THREADS)
def test_threads_take_little_of_a_small_memory(language: str) -> None:
    [outcome] = outcomes(THREADS[language], language=language, limits=Limits(seconds=2, memory_mb=64))
    assert (outcome.verdict, outcome.stdout) == (None, b"4950\n"), outcome.stderr


def test_what_was_written_before_a_sudden_end_arrives_whole() -> None:
    [outcome] = outcomes(LETTERS, language="javascript")
    assert (outcome.verdict, len(outcome.stdout)) == (None, 900_000)


def test_a_program_that_is_killed_from_outside_is_run_again() -> None:
    waits = b"import os, time\ntime.sleep(60) if input() == 'wait' else print('done')\n"
    given = [b"wait"]  # to the first run, which is killed while it does

    def run(order: Order, stdin: bytes) -> Ended:
        return run_boxed(order, given.pop() if stdin and given else stdin)

    with ThreadPoolExecutor(1) as pool, pytest.MonkeyPatch.context() as patched:
        patched.setattr("app.submissions.judges.sandbox.run_boxed", run)
        killing = pool.submit(
            lambda: os.kill(wait_for(lambda: boxed_program(os.getpid()), "it to run"), signal.SIGKILL)
        )
        [outcome] = outcomes(waits, b"go\n", limits=Limits(seconds=60, memory_mb=256))
        killing.result()
    assert (outcome.verdict, outcome.stdout) == (None, b"done\n")


def test_a_program_that_kills_itself_is_run_twice_and_is_a_run_time_error() -> None:
    [outcome] = outcomes(b"import os\nos.kill(os.getpid(), 9)\n")
    assert (outcome.verdict, outcome.reason) == (Verdict.RTE, "It was ended by SIGKILL.")


def test_half_a_character_is_handed_over_as_it_is() -> None:
    [outcome] = outcomes(b"import sys\nsys.stdout.buffer.write('\\u20ac'.encode()[:2])\n")
    assert (outcome.verdict, outcome.stdout) == (None, b"\xe2\x82")


def test_one_run_sees_nothing_of_the_one_before() -> None:
    found = outcomes(b"import os\nprint(os.listdir('/tmp'))\nopen('/tmp/note', 'w').close()\n", b"", b"")
    assert [outcome.stdout for outcome in found] == [b"[]\n", b"[]\n"]


def test_inside_there_are_three_descriptors_and_no_environment() -> None:
    secret = os.open(__file__, os.O_RDONLY)
    os.set_inheritable(secret, True)
    try:
        [outcome] = outcomes(b"import os\nprint(os.listdir('/proc/self/fd'), open('/proc/1/environ').read() == '')\n")
    finally:
        os.close(secret)
    assert outcome.stdout == b"['0', '1', '2', '3'] True\n"  # 3 is the folder being listed


def test_closing_early_ends_the_rest_and_leaves_nothing() -> None:
    run = Sandbox().run("python", DOUBLED, LIMITS, [b"1\n", b"2\n"])
    assert next(run).stdout == b"2\n"
    [folder] = folders_of(os.getpid())
    run.close()
    assert not folder.exists()


def test_four_at_once_do_not_disturb_each_other() -> None:
    def double(number: int) -> list[bytes]:
        return [each.stdout for each in outcomes(DOUBLED, *[b"%d\n" % number] * 5)]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(double, range(4))) == [[b"%d\n" % (2 * number)] * 5 for number in range(4)]


def test_a_killed_judge_leaves_no_process_and_its_folder_is_swept_later(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = subprocess.Popen([sys.executable, "-m", "tests.submissions.judges.stage"])
    boxed = wait_for(lambda: boxed_program(judge.pid), "the program to run in its box")
    [folder] = folders_of(judge.pid)
    judge.send_signal(signal.SIGKILL)
    judge.wait()
    wait_for(lambda: not Path(f"/proc/{boxed}").exists(), "the program to end with its judge")
    assert folder.exists()
    monkeypatch.setattr(folders, "YOUNG_SECONDS", -1)
    outcomes(DOUBLED, b"1\n")
    assert not folder.exists()


def boxed_program(judge: int) -> int:
    """The Python that runs the program in the box of the judge: not the one before it, which compiles."""
    for pid in descendants(judge):
        with suppress(FileNotFoundError, ProcessLookupError):  # one that ends while it is looked at
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
            if PYTHON_RUN.encode() in arguments and b"prlimit" not in arguments:
                return pid
    return 0


def test_a_box_that_is_killed_is_the_judges_fault_and_may_be_tried_again() -> None:
    def kill_box() -> None:
        boxed = wait_for(lambda: boxed_program(os.getpid()), "the program to run in its box")
        [bubblewrap, *_] = [pid for pid in descendants(os.getpid()) if boxed in descendants(pid)]
        os.kill(bubblewrap, signal.SIGKILL)

    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(kill_box)
        with pytest.raises(JudgeFault) as fault:
            outcomes(b"import time\ntime.sleep(60)\n", limits=Limits(seconds=60, memory_mb=256))
        killing.result()
    assert fault.value.is_temporary


def test_a_bubblewrap_that_does_nothing_is_named_with_what_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"bwrap": "false"}  # and all else by its own name
    monkeypatch.setattr("app.submissions.judges.launch._tool", lambda name: shutil.which(found.get(name, name)))
    (fault,) = probe()
    assert "no box: it ended with status 1" in fault.reason
    assert "bwrap --ro-bind / / true" in fault.fix


def test_a_machine_with_no_room_for_a_box_is_the_judges_fault_and_may_be_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge = Sandbox()
    assert judge.probe() == []

    def refuse(*_: object) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr("app.submissions.judges.box.start_box", refuse)
    with pytest.raises(JudgeFault, match="Resource temporarily unavailable") as fault:
        list(judge.run("python", DOUBLED, LIMITS, [b"1\n"]))
    assert fault.value.is_temporary


def test_without_bubblewrap_nothing_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(JudgeFault, match="bwrap is not installed") as fault:
        outcomes(DOUBLED, b"1\n")
    assert fault.value.fix == "apt-get install bubblewrap"
    assert not fault.value.is_temporary


def test_where_root_has_no_other_users_it_says_to_be_an_ordinary_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("os.chown", refuse)
    [fault] = Sandbox().probe()
    assert fault.fix == "Run the site as an ordinary user."


@pytest.mark.parametrize(
    ("complaint", "fix"),
    [
        ("bwrap: No permissions to create new namespace", "user.max_user_namespaces"),
        ("bwrap: setting up uid map: Permission denied", "apparmor_restrict_unprivileged_userns"),
        ("bwrap: Unknown option --disable-userns", "bubblewrap 0.8"),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "systempaths=unconfined"),
    ],
)
def test_where_boxes_are_forbidden_it_says_what_to_change(
    complaint: str, fix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with folders.private_folder(BOX_USER) as folder:
        forbidden = folder / "bwrap"
        forbidden.write_text(f'#!/bin/sh\necho "{complaint}" >&2\nexit 1\n')
        forbidden.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        [fault] = Sandbox().probe()
    assert complaint in fault.reason
    assert fix in fault.fix


def test_a_box_that_holds_nothing_back_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.submissions.judges.probing.seccomp_filter", lambda **_: ALLOW_ALL)
    assert [fault.reason for fault in Sandbox().probe()] == ["A boxed program could start another one."]


def test_a_language_without_its_compiler_says_which_package_it_needs() -> None:
    judge = Sandbox(path="/nowhere")
    assert judge.languages()["cpp"] == "g++ is not installed: apt-get install g++"
    with pytest.raises(JudgeFault, match="node is not installed") as fault:
        list(judge.run("javascript", b"", LIMITS, [b""]))
    assert fault.value.fix == "apt-get install nodejs"
