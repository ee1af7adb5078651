import os
import signal
import subprocess
import sys
from pathlib import Path

from ops.processes import http_status, kill_session, port_fault, session_members, tail
from tests.processes.club import free_port
from tests.waiting import wait_for

LEAVES_ITS_GROUP = "import os, time; os.fork() or os.setpgrp(); time.sleep(600)"


def test_a_process_that_left_its_group_ends_with_its_session() -> None:
    leader = subprocess.Popen([sys.executable, "-c", LEAVES_ITS_GROUP], start_new_session=True)
    members = wait_for(lambda: len(session_members(leader.pid)) == 2 and session_members(leader.pid), "the child")
    leader.send_signal(signal.SIGKILL)
    leader.wait(timeout=30)
    assert len(session_members(leader.pid)) == 1
    kill_session(leader.pid)
    assert session_members(leader.pid) == []
    assert os.getpid() not in members


def test_nobody_answers_on_a_free_port() -> None:
    port = free_port()
    assert port_fault("127.0.0.1", port) is None
    assert http_status("127.0.0.1", port, "/") is None


def test_the_tail_of_a_log_is_its_last_lines_indented(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("one\ntwo\nthree\n")
    assert tail(log, 2) == "    two\n    three"
    assert "empty" in tail(tmp_path / "none.log")
