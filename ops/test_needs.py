"""Install what the tests need from the system: a browser, a PostgreSQL server, and what the sandbox judges with."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

# Chromium without windows, which takes two thirds of the processor's time.
BROWSER = "chromium-headless-shell"
APT_SECONDS = 900
INSTALL = ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends")


def has_postgresql() -> bool:
    """Debian keeps the server's programs off PATH."""
    return bool(shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


def has_browser() -> bool:
    return shutil.which(BROWSER) is not None


NEEDS: dict[str, Callable[[], bool]] = {BROWSER: has_browser, "postgresql": has_postgresql}
# What judging needs, by package, each told by one of its programs.
JUDGE_NEEDS = {"bubblewrap": "bwrap", "g++": "g++", "default-jdk-headless": "javac", "nodejs": "node"}


def main() -> None:
    """Install the missing packages as root; otherwise exit naming the one command that does."""
    missing = [package for package, is_there in NEEDS.items() if not is_there()] + missing_for_judging()
    if not missing:
        return
    install = [*INSTALL, *missing, "fonts-liberation"]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"The tests need {' and '.join(missing)}. Install with: sudo {' '.join(install)}")
    print(f"Installing {' and '.join(missing)} for the tests ...")
    for command in (["apt-get", "update", "--quiet"], install):
        run_apt(command)


def missing_for_judging() -> list[str]:
    """The packages without which some language, or nothing at all, can be judged here."""
    return [package for package, program in JUDGE_NEEDS.items() if not shutil.which(program)]


def run_apt(command: list[str]) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=APT_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}")


if __name__ == "__main__":
    main()
