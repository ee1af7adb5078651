"""A process that judges, for a test to kill: `python -m tests.submissions.judges.stage`."""

from app.submissions.judges.base import Limits
from app.submissions.judges.sandbox import Sandbox

WAITS = b"print('waiting', flush=True)\nimport time\ntime.sleep(600)\n"


def main() -> None:
    """Run a program that would wait for ten minutes."""
    list(Sandbox().run("python", WAITS, Limits(seconds=300, memory_mb=256), [b""]))


if __name__ == "__main__":
    main()
