"""The adapter of Judge0 against a stand-in that really runs programs, over real HTTP: verdicts, faults, politeness."""

import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
import requests

from app.submissions.judges import judge0_calls
from app.submissions.judges.base import CompileError, JudgeFault, Limits, Outcome, Verdict
from app.submissions.judges.judge0 import PAUSES, Bell, Judge0, batches
from app.submissions.judges.judge0_answers import Answer, judged
from app.submissions.judges.judge0_offer import Asked, Server
from tests.judge0_server import CONFIG, TOKEN, Judge0Server

LIMITS = Limits(seconds=1, memory_mb=64)
DOUBLE = b"print(2 * int(input()))\n"
HURRY = 0.02


@pytest.fixture
def server() -> Iterator[Judge0Server]:
    with Judge0Server() as stand_in:
        yield stand_in


def hurried() -> Bell:
    """Waits are cut short, so that a test need not sit through them."""
    return Bell("", lambda seconds: time.sleep(min(seconds, HURRY)))


def judge_at(server: Judge0Server, **details) -> Judge0:
    return Judge0(server.url, {"X-Auth-Token": TOKEN}, **{"bell": hurried, "call_seconds": 2.0, **details})


def outcomes(judge: Judge0, *inputs: bytes, source: bytes = DOUBLE, limits: Limits = LIMITS) -> list[Outcome]:
    return list(judge.run("python", source, limits, inputs or [b"21"]))


def fault_of(judge: Judge0, **details) -> JudgeFault:
    with pytest.raises(JudgeFault) as caught:
        outcomes(judge, **details)
    assert caught.value.fix
    return caught.value


def test_every_input_gets_its_own_outcome_in_order_in_batches_of_twenty(server):
    found = outcomes(judge_at(server), *[b"%d\n" % number for number in range(45)])
    assert [each.stdout for each in found] == [b"%d\n" % (2 * number) for number in range(45)]
    assert (server.calls["create"], server.most_in_batch) == (3, 20)


def test_what_follows_a_failing_batch_is_never_handed_over(server):
    run = judge_at(server).run("python", DOUBLE, LIMITS, [b"1"] * 60)
    next(run)
    run.close()
    assert server.calls["create"] == 1


def test_bytes_come_and_go_as_they_are(server):
    source = b"import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())\n"
    content = bytes(range(256)) * 20
    assert outcomes(judge_at(server), content, b"", source=source)[0].stdout == content
    assert outcomes(judge_at(server), b"", source=source)[0].stdout == b""


def test_three_calls_and_looks_that_come_ever_less_often(server):
    waits: list[float] = []
    judge = judge_at(server, bell=lambda: Bell("", lambda seconds: (waits.append(seconds), time.sleep(HURRY))[1]))
    outcomes(judge, *[b"1"] * 20, source=b"import time\ntime.sleep(0.02)\n")
    assert (server.calls["languages"], server.calls["config"], server.calls["create"]) == (1, 1, 1)
    assert waits == [*PAUSES, *[PAUSES[-1]] * len(waits)][: len(waits)]
    assert server.calls["look"] == len(waits)


def test_whoever_waits_hears_of_it(server):
    heard: list[int] = []
    list(judge_at(server).run("python", DOUBLE, LIMITS, [b"1", b"2"], heard.append))
    assert heard[0] == 0
    assert all(before <= after for before, after in pairwise(heard))


# What is asked, what goes wrong with it (a list: only so often), how it ends, and a word of the sentence. "outage": all
# wait; "passing": this one is tried again, and at last the judge's error; "final": that at once; "well": it was
# retried, and is over.
TROUBLES = [
    ("languages", "401", "outage", "401"),
    ("languages", "403", "outage", "403"),
    ("languages", "404", "outage", "no Judge0 at its address"),
    ("languages", "500", "outage", "500"),
    ("languages", "502", "outage", "502"),
    ("languages", "503", "outage", "takes no programs now"),
    ("languages", "redirect", "outage", "no Judge0 at its address"),
    ("languages", "html", "outage", "no JSON"),
    ("languages", "deep", "outage", "no JSON"),
    ("languages", "a number", "outage", "neither languages nor limits"),
    ("config", "a number", "outage", "neither languages nor limits"),
    ("languages", "hang", "outage", "did not answer"),
    ("config", "lost answer", "outage", "broke its answer off"),
    ("create", "401", "outage", "401"),
    ("create", "404", "outage", "no Judge0 at its address"),
    ("create", "redirect", "outage", "no Judge0 at its address"),
    ("create", "503", "outage", "queue is full"),
    ("create", "maintenance", "outage", "Back at noon"),
    ("create", ["503"] * 3, "well", ""),
    ("create", "429", "outage", "left alone"),
    ("create", ["429"], "well", ""),
    ("create", "400", "final", "invalid fields"),
    ("create", "413", "final", "413"),
    ("create", "422", "final", "doesn't exist"),
    ("create", "500", "passing", "500"),
    ("create", ["502"], "well", ""),
    ("create", "html", "passing", "no JSON"),
    ("create", "one short", "passing", "another number of programs"),
    ("create", "no tokens", "final", "does not take a program"),
    ("create", "lost answer", "passing", "broke its answer off"),
    ("create", "hang", "passing", "did not answer"),
    ("look", "401", "outage", "401"),
    ("look", ["500", "502", "503", "html", "lost answer"], "well", ""),
    ("look", "500", "passing", "500"),
    ("look", "503", "outage", "queue is full"),
    ("look", "html", "passing", "no JSON"),
    ("look", ["one short"], "well", ""),
    ("look", "one short", "passing", "another number of programs"),
    ("look", "other tokens", "passing", "another program"),
    ("look", "no status", "passing", "another program"),
    ("look", ["no base64", "a wordy time"], "well", ""),
    ("look", "no base64", "passing", "a field of it"),
    ("look", ["vanished"], "well", ""),
    ("look", "vanished", "passing", "forgotten a program twice"),
    ("look", "internal error", "passing", "status 13"),
    ("look", "unheard-of status", "passing", "status 99"),
    ("look", "status 0", "passing", "status 0"),
    ("look", "too much memory", "passing", "a field of it"),
    ("look", "endless time", "passing", "a field of it"),
    ("look", "time below zero", "passing", "a field of it"),
    ("look", "a time that is none", "passing", "a field of it"),
]


QUOTES = ("queue is full", "Back at noon", "invalid fields", "doesn't exist")  # members read reasons, in our words


@pytest.mark.parametrize(("call", "fault", "end", "word"), TROUBLES, ids=[f"{row[0]} {row[1]}" for row in TROUBLES])
def test_whatever_goes_wrong_ends_in_a_clear_state(server, call, fault, end, word):
    server.faults[call] = list(fault) if isinstance(fault, list) else fault
    judge = judge_at(server, call_seconds=0.3)
    if end == "well":
        assert [each.stdout for each in outcomes(judge, b"1", b"2")] == [b"2\n", b"4\n"]
        return
    told = fault_of(judge)
    assert (told.is_outage, told.is_temporary) == (end == "outage", end != "final")
    assert word in (told.fix if word in QUOTES else told.reason)
    assert server.url not in told.reason + told.fix


@pytest.mark.parametrize("fault", ["503", "429"])
def test_programs_that_are_not_taken_are_an_outage_within_half_a_minute_that_lasts_until_one_is(server, fault):
    waits: list[float] = []
    judge = judge_at(server, bell=lambda: Bell("", waits.append))
    server.faults["create"] = fault
    assert fault_of(judge).is_outage
    assert 5 < sum(waits) <= 30
    assert [each.is_outage for each in judge.probe()] == [True]
    server.faults.clear()
    assert judge.probe() == []


def test_programs_that_go_by_one_name_are_not_told_apart_by_guessing(server):
    server.faults["create"] = "one name for all"
    with pytest.raises(JudgeFault, match="two programs by one name") as caught:
        outcomes(judge_at(server), b"1", b"2")
    assert (caught.value.is_temporary, caught.value.is_outage) == (True, False)


@pytest.mark.parametrize("value", ["SEKRET-TOKEN-XYZ", "Bearer SEKRET/TOKEN+XYZ"])
@pytest.mark.parametrize("said", [f"key {'x ' * 90}{{}}", '{{"error": "key {}"}}'])
@pytest.mark.parametrize("status", [400, 503])
def test_what_we_send_as_a_secret_is_never_quoted(monkeypatch, value, said, status):
    response = requests.Response()
    response.status_code, response._content = status, said.format(value.replace("/", "\\/")).encode()
    monkeypatch.setattr(judge0_calls.ErrandSession, "request", lambda *_, **__: response)
    client = judge0_calls.Client("http://127.0.0.1:9", {"X-Auth-Token": value})
    with pytest.raises(judge0_calls.Trouble) as caught:
        client.get("/languages")
    assert "SEKRET" not in caught.value.sentence + caught.value.fix
    assert client.quoted(f"{{'key': '{value}'}}") == ""
    assert client.quoted("queue is full") == "It says “queue is full”. "


def test_programs_that_were_taken_though_the_answer_was_lost_count_once(server):
    server.faults["create"] = ["lost answer"]
    assert len(outcomes(judge_at(server), b"1", b"2")) == 2
    assert server.calls["create"] == 2
    assert len(server.kept) == 4  # two of them nobody will ever ask for


@pytest.mark.parametrize(("call", "fault"), [("create", "lost answer"), ("create", "500"), ("look", "vanished")])
def test_programs_that_may_have_been_taken_are_handed_over_twice_at_most(server, call, fault):
    server.faults[call] = fault
    fault_of(judge_at(server))
    assert server.calls["create"] == 2


def test_a_server_that_is_not_there_is_an_outage(server):
    server.stop()
    told = fault_of(judge_at(server))
    assert (told.reason, told.is_outage) == ("The judge cannot be reached.", True)


def test_a_server_that_dies_in_mid_batch_is_an_outage_and_what_runs_later_runs_anew(server):
    judge = judge_at(server)
    run = judge.run("python", DOUBLE, LIMITS, [b"1"] * 40)
    assert next(run).stdout == b"2\n"
    server.stop()
    with pytest.raises(JudgeFault, match="cannot be reached") as caught:
        list(run)
    assert caught.value.is_outage
    server.forget()
    server.start()
    assert judge.probe() == []
    assert len(outcomes(judge, *[b"1"] * 40)) == 40


def test_programs_that_nobody_runs_are_not_waited_for_without_end(server):
    server.faults["look"] = "always queued"
    judge = judge_at(server, spare_seconds=-13.7)  # less the seconds that one program may take
    told = fault_of(judge)
    assert (told.reason, told.is_outage) == ("Judge0 has not finished a batch in minutes.", False)
    server.workers = 0
    assert fault_of(judge).reason == "Judge0 has no worker that would run a program."
    assert judge.probe()[0].is_outage


def test_an_answer_too_large_is_asked_for_in_parts(server, monkeypatch):
    monkeypatch.setattr(judge0_calls, "MOST_BYTES", 100_000)
    found = outcomes(judge_at(server), *[b"1"] * 6, source=b"print('x' * 40_000)\n")
    assert [len(each.stdout) for each in found] == [40_001] * 6


def test_the_token_is_not_taken_along_elsewhere_and_other_headers_go_with_every_call(server):
    server.headers = {"X-Gateway-Key": "k", "X-Gateway-Host": "h"}
    judge = Judge0(server.url, server.headers, bell=hurried)
    assert outcomes(judge)[0].stdout == b"42\n"
    assert Judge0(server.url, {}, bell=hurried).probe()[0].reason == "Judge0 does not let the site in (error 401)."


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"maintenance_mode": True}, "maintenance"),
        ({"enable_batched_submissions": False}, "no batches"),
        ({"max_cpu_time_limit": None}, "max_cpu_time_limit"),
        ({"max_memory_limit": "much"}, "max_memory_limit"),
    ],
)
def test_settings_by_which_nothing_can_be_judged_are_told(server, change, word):
    server.config |= change
    judge = judge_at(server)
    assert word in fault_of(judge).reason
    assert judge.probe()[0].is_outage


def test_the_newest_of_each_language_is_found_by_its_name():
    names = ["Python (2.7.17)", "Python (3.8.1)", "Python (3.11.2)", "Python for ML (3.12.0)", "C++ (Clang 18.1.8)"]
    names += ["C++ (GCC 9.2.0)", "C++ (GCC 14.1.0)", "C (GCC 14.1.0)", "JavaScript (Node.js 22.08.0)"]
    server = Server([{"id": 100 + place, "name": name} for place, name in enumerate(names)], CONFIG)
    assert server.offer().versions == {
        "python": "Python (3.11.2)",
        "cpp": "C++ (GCC 14.1.0)",
        "javascript": "JavaScript (Node.js 22.08.0)",
    }
    assert server.languages()["java"] == "This Judge0 has no Java: add it there, or judge in the sandbox."
    assert server.asked("cpp", LIMITS).fields["compiler_options"] == "-O2 -std=c++17"
    with pytest.raises(JudgeFault, match="no Java"):
        server.asked("java", LIMITS)


@pytest.mark.parametrize(
    "change", [{"enable_compiler_options": False}, {"allowed_languages_for_compile_options": ["C ", "Rust"]}]
)
def test_without_compiler_options_there_is_no_cpp(change):
    server = Server([{"id": 1, "name": "C++ (GCC 9.2.0)"}], {**CONFIG, **change})
    assert "no compiler options" in server.languages()["cpp"]


def test_limits_are_those_of_the_server_at_most_and_what_that_leaves_unknown_is_no_verdict(server):
    server.config |= {"max_cpu_time_limit": 0.3, "max_memory_limit": 100_000}
    wide = Limits(seconds=30, memory_mb=256)
    assert outcomes(judge_at(server), limits=wide)[0].stdout == b"42\n"
    told = fault_of(judge_at(server), source=b"while True: pass\n", limits=wide)
    assert told.reason == "The problem allows 30 s; this Judge0 gives 0.3 at most."
    assert (told.is_temporary, told.is_outage) == (False, False)
    told = fault_of(judge_at(server), source=b"x = b'x' * 150_000_000\n", limits=wide)
    assert "276.8 MB of memory, its language’s own included; this Judge0 gives 97.66 at most." in told.reason
    told = fault_of(judge_at(server), source=b"print('x' * 6_000_000)\n", limits=Limits(1, 64, 5_000_000))
    assert told.reason == "The problem allows 4,883 kB of output; this Judge0 gives 4,096 at most."


def answer(**told) -> Answer:
    plain = {"stdout": b"", "stderr": b"", "compile_output": b"", "message": "", "cpu_ms": 5, "memory_kb": 3000}
    return Answer(**{**plain, "status": 11, "exit_code": 1, "exit_signal": 0, **told})


# What Judge0 tells of a run that was given 64000 kB and may write 1000 kB, and the verdict that means.
MEANINGS = {
    "well": ({"status": 3, "exit_code": 0}, None),
    "well, by a comparison that nobody asked for": ({"status": 4, "exit_code": 0}, None),
    "more than it may write": ({"status": 3, "stdout": b"x" * 1_000_001}, Verdict.OLE),
    "time": ({"status": 5, "message": "Time limit exceeded"}, Verdict.TLE),
    "time by the clock": ({"status": 5, "message": "Time limit exceeded (wall clock)"}, Verdict.TLE),
    "memory, killed": ({"exit_code": 137, "memory_kb": 64000}, Verdict.MLE),
    "memory, killed just below": ({"exit_code": 137, "memory_kb": 63000}, Verdict.MLE),
    "killed for another reason": ({"exit_code": 137, "memory_kb": 3000}, Verdict.RTE),
    "memory, by its own words": ({"stderr": b"java.lang.OutOfMemoryError: Java heap space"}, Verdict.MLE),
    "memory, by how much it was": ({"memory_kb": 64000}, Verdict.MLE),
    "memory, by another status": ({"status": 12, "exit_code": 0, "exit_signal": 9, "memory_kb": 64000}, Verdict.MLE),
    "output by a signal": ({"exit_code": 153}, Verdict.OLE),
    "output by its own status": ({"status": 8}, Verdict.OLE),
    "output, cut": ({"stdout": b"x" * 1_024_000}, Verdict.OLE),
    "errors, cut": ({"stderr": b"x" * 1_024_000}, Verdict.OLE),
    "segmentation fault below a shell": ({"exit_code": 139}, Verdict.RTE),
    "segmentation fault": ({"status": 7, "exit_code": 0}, Verdict.RTE),
    "exit status": ({}, Verdict.RTE),
}  # fmt: skip


@pytest.mark.parametrize(("told", "verdict"), MEANINGS.values(), ids=MEANINGS)
def test_what_judge0_tells_becomes_a_verdict(told, verdict):
    asked = Asked("python", LIMITS, {}, memory_kb=64000, file_bytes=1_024_000, wall_seconds=4)
    found, reason = judged(answer(**told), asked)
    assert found == verdict
    assert bool(reason) == (verdict is not None)


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", b"print("),
        ("python", b"if True:\nprint(1)"),
        ("javascript", b"let x = ;"),
        ("cpp", b"int main() {"),
        ("java", b"public class Other { public static void main(String[] a) {} }"),
    ],
)
def test_what_does_not_compile_is_a_compile_error_in_every_language(server, language, source):
    with pytest.raises(CompileError) as caught:
        list(judge_at(server).run(language, source, LIMITS, [b""]))
    assert caught.value.output


def test_a_syntax_error_in_the_middle_of_a_run_is_one_of_the_run(server):
    [found] = outcomes(judge_at(server), source=b"eval('1 +')\n")
    assert (found.verdict, found.reason) == (Verdict.RTE, "It ended with exit status 1.")


def test_batches_are_small_in_bytes_too():
    large = b"x" * 5_000_000
    assert [len(batch) for batch in batches([b"1", large, large, b"2", large], 20)] == [2, 2, 1]
