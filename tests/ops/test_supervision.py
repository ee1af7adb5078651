"""What the site runs."""

import shlex
from pathlib import Path

from app.core.jobs.registry import queues
from ops.supervision import site_programs

ROOT = Path(__file__).resolve().parents[2]


def test_every_queue_has_a_worker_here_and_in_the_procfile(app) -> None:
    ours = [program.command for program in site_programs(judge_workers=1)]
    theirs = [shlex.split(line.partition(":")[2]) for line in (ROOT / "Procfile").read_text().splitlines()]
    for commands in (ours, theirs):
        taken = {name for command in commands if "worker.py" in command for name in command[2:]}
        assert taken == set(queues())
