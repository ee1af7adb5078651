"""Start the club and keep it running until Ctrl-C: `make run`."""

import fcntl
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from app.config import load_config, redis_socket
from ops.processes import end_with_parent, http_status, kill_session, port_fault, tail
from ops.redis_binary import find_redis
from ops.supervision import ROOT, redis_program, site_programs, supervisord_conf
from ops.test_needs import INSTALL, missing_for_judging

HOST = "127.0.0.1"
FIRST_ADMINISTRATOR = ".venv/bin/flask --app wsgi members create USERNAME --email ADDRESS --role admin --password-stdin"
SETUP_SECONDS = 900
READY_SECONDS = 90
STOP_SECONDS = 30
CRASH = re.compile(r"(?:exited|spawnerr): (\w+)")


class StartFailed(Exception):
    """The club cannot run; the message is for the person at the terminal."""


@dataclass(frozen=True)
class Site:
    """What the environment asks for."""

    instance: Path
    port: int
    wants_demo: bool
    redis_url: str

    @property
    def url(self) -> str:
        """The address to open."""
        return f"http://{HOST}:{self.port}/"

    @property
    def logs(self) -> Path:
        """The folder of all logs."""
        return self.instance / "logs"

    def environ(self) -> dict[str, str]:
        """The environment of every program."""
        socket = redis_socket(self.instance)
        return {
            **os.environ,
            "INSTANCE_PATH": str(self.instance),
            "PORT": str(self.port),
            "DEMO": "1" if self.wants_demo else "0",
            "PYTHONUNBUFFERED": "1",
            "REDIS_URL": self.redis_url or f"unix://{socket}",
        }


def main() -> None:
    """Run until told to stop; exits with 1 and a sentence when the club cannot start or ends by itself."""
    os.umask(0o077)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        run(asked_site())
    except KeyboardInterrupt:
        say("Stopped.")
    except StartFailed as failure:
        sys.exit(str(failure))


def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def asked_site() -> Site:
    """Read PORT, DEMO, INSTANCE_PATH and REDIS_URL."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise StartFailed(f"PORT must be a number from 1 to 65535, not {port!r}.")
    return Site(
        instance=Path(os.environ.get("INSTANCE_PATH") or ROOT / "instance").resolve(),
        port=int(port),
        wants_demo=os.environ.get("DEMO") != "0",
        redis_url=os.environ.get("REDIS_URL", ""),
    )


def run(site: Site) -> None:
    """Prepare, start, tell, and stay until the end."""
    for folder in (site.instance, site.logs):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with only_one(site):
        if fault := port_fault(HOST, site.port):
            raise StartFailed(f"{fault}. Choose another one, such as PORT={8000 + site.port % 1000} make run")
        prepare_database(site)
        with supervised(site) as supervisor:
            wait_until_ready(site, supervisor)
            say(welcome(site))
            supervisor.wait()
            raise StartFailed(f"The supervisor ended by itself.\n{tail(site.logs / 'supervisord.log')}")


@contextmanager
def only_one(site: Site) -> Iterator[None]:
    """Hold this instance; the lock falls with the process, however it ends."""
    with (site.instance / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            message = f"This club is already running: {lock.read()} (Ctrl-C in its terminal stops it.)"
            raise StartFailed(message) from error
        lock.truncate(0)
        lock.write(site.url)
        lock.flush()
        yield


def prepare_database(site: Site) -> None:
    """Bring the tables up to date and, unless DEMO=0, see that the demo club is there."""
    say("Preparing the database ...")
    run_flask(site, "database", "db", "upgrade")
    if site.wants_demo:
        say("Looking after the demo club ...")
        run_flask(site, "demo", "demo", "load")


def run_flask(site: Site, log_name: str, *arguments: str) -> None:
    """Run one of the site's own commands; its output goes to a log, whose end is shown if it fails."""
    log = site.logs / f"{log_name}.log"
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    with log.open("wb") as output:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=site.environ(),
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=SETUP_SECONDS,
            check=False,
        )
    if done.returncode != 0:
        raise StartFailed(f"`flask {' '.join(arguments)}` failed:\n{tail(log)}")


@contextmanager
def supervised(site: Site) -> Iterator[subprocess.Popen[bytes]]:
    """All programs under a supervisor in a session of its own; at the end nothing of that session is left."""
    conf = site.instance / "supervisord.conf"
    conf.write_text(configuration(site))
    say("Starting ...")
    # Emptied, because a program that ended in an earlier run is no sign of trouble in this one.
    (site.logs / "supervisord.log").write_text("")
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "supervisor.supervisord", "--configuration", conf.name],
        cwd=site.instance,
        env=site.environ(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent,
    )
    try:
        yield supervisor
    finally:
        stop(supervisor)


def configuration(site: Site) -> str:
    """supervisord's configuration; without a Redis of our own where REDIS_URL names one."""
    programs = site_programs(load_config(site.environ(), site.instance)["JUDGE_WORKERS"])
    if not site.redis_url:
        server = find_redis()
        # A folder per family: one cannot read the other's files, and what is left in them can be lost.
        data = site.instance / "redis" / server.family
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        programs = [redis_program(server, private_socket(site), data), *programs]
    return supervisord_conf(programs, user="root" if os.geteuid() == 0 else None)


def private_socket(site: Site) -> Path:
    """Redis' socket, in a folder that is ours alone."""
    socket = redis_socket(site.instance)
    socket.parent.mkdir(mode=0o700, exist_ok=True)
    if socket.parent.stat().st_uid != os.getuid():
        raise StartFailed(f"{socket.parent} belongs to somebody else; remove it.")
    return socket


def wait_until_ready(site: Site, supervisor: subprocess.Popen[bytes]) -> None:
    """Return once every part is well; StartFailed when a program ends meanwhile or time is up."""
    deadline = time.monotonic() + READY_SECONDS
    while http_status(HOST, site.port, "/healthz") != 200:
        crash = CRASH.search((site.logs / "supervisord.log").read_text())
        if crash:
            raise StartFailed(f"The program {crash[1]} ended:\n{tail(site.logs / f'{crash[1]}.log')}")
        if supervisor.poll() is not None:
            raise StartFailed("The supervisor could not start.")
        if time.monotonic() > deadline:
            raise StartFailed(f"Not all parts were well after {READY_SECONDS} s; see {site.logs} and /healthz.")
        time.sleep(0.1)


def stop(supervisor: subprocess.Popen[bytes]) -> None:
    """End every program in order, then whatever of the session still runs."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if supervisor.poll() is None:
        say("\nStopping ...")
    supervisor.terminate()
    try:
        supervisor.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        supervisor.kill()
        supervisor.wait(STOP_SECONDS)
    kill_session(supervisor.pid)


def welcome(site: Site) -> str:
    """What the person wants to know once everything runs."""
    logins = site.instance / "demo-logins.txt"
    if not site.wants_demo:
        people = f"  An empty club. Its administrator is made by:\n  {FIRST_ADMINISTRATOR}"
    else:
        people = logins.read_text().rstrip() if logins.exists() else "  This club has its own members; log in as one."
    return f"\nMLBattle runs at {site.url}\n\n{people}\n\n{judging()}Logs: {site.logs}    Stop: Ctrl-C"


def judging() -> str:
    """What has to be installed before every language can be judged; empty when all is there."""
    missing = missing_for_judging()
    if not missing:
        return ""
    install = " ".join(["sudo", *INSTALL, *missing])
    return f"Judging programs also needs {' and '.join(missing)}:\n  {install}\n\n"


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
