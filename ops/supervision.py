"""What runs, in which order, and how supervisord is told."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from ops.redis_binary import RedisServer

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Program:
    """One supervised process. Programs start in the listed order and stop in the reverse of it."""

    name: str
    command: list[str]
    stop_seconds: int


def site_programs(judge_workers: int) -> list[Program]:
    """Web, workers and scheduler, run by the interpreter that runs this; `judge_workers` of them only judge."""
    python = sys.executable
    return [
        # RQ lets a running job end first; what is cut off after that is done again by the next start.
        Program("worker", [python, "worker.py", "default", "sync"], 5),
        # Platforms make whoever asks them wait most of the time: one worker is enough, and the other one never waits.
        Program("second-worker", [python, "worker.py", "default", "sync", "tracker"], 5),
        # What people wait for is never held up by a Kaggle that does not answer.
        Program("quick-worker", [python, "worker.py", "default"], 5),
        # Programs are measured, so no more of them run at once than there are cores to run them.
        *(
            Program(f"judge-worker-{number}", [python, "worker.py", "judging", "rejudging"], 5)
            for number in range(1, judge_workers + 1)
        ),
        Program("scheduler", [python, "-m", "flask", "--app", "wsgi", "jobs", "schedule"], 5),
        Program("web", [python, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"], 6),
    ]


def redis_program(server: RedisServer, socket: Path, data: Path) -> Program:
    """The Redis of this instance."""
    return Program("redis", server.command(socket, data), 5)


def supervisord_conf(programs: list[Program], user: str | None) -> str:
    """The text of supervisord's configuration; `user` is named only to say that root is meant.

    supervisord is to be started in the instance folder: paths in there are relative, because it expands a %
    in them, twice in some places, so that no way of writing one is right everywhere.
    """
    parts = [section("supervisord", supervisord_options(user))]
    for number, program in enumerate(programs):
        parts.append(section(f"program:{program.name}", program_options(program, number)))
    return "\n".join(parts)


def supervisord_options(user: str | None) -> dict[str, str]:
    """Settings of the supervisor itself."""
    options = {
        "nodaemon": "true",
        "silent": "true",
        "logfile": "logs/supervisord.log",
        "pidfile": "supervisord.pid",
    }
    return {**options, "user": user} if user else options


def program_options(program: Program, number: int) -> dict[str, str]:
    """Settings of one program; whatever ends it, it is started again."""
    return {
        "command": escape(shlex.join(program.command)),
        "directory": escape(str(ROOT)),
        "priority": str(10 + number),
        "autorestart": "true",
        # With 0 a start always counts as good: there is no growing delay, and never a last attempt.
        "startsecs": "0",
        "stopwaitsecs": str(program.stop_seconds),
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": f"logs/{program.name}.log",
        "stdout_logfile_maxbytes": "5MB",
        "stdout_logfile_backups": "3",
    }


def section(name: str, options: dict[str, str]) -> str:
    """One part of an INI file."""
    return "\n".join([f"[{name}]", *(f"{key} = {value}" for key, value in options.items()), ""])


def escape(text: str) -> str:
    """supervisord takes a single % for one of its own variables."""
    return text.replace("%", "%%")
