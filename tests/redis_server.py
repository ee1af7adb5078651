"""The real Redis for tests, on a socket of its own."""

import signal
import subprocess
from pathlib import Path

from redis import Redis, RedisError

from ops.redis_binary import find_redis
from tests.waiting import wait_for


class RedisProcess:
    """A server that keeps its data in `folder`, and can be stopped, killed, paused and started again.

    The folder must have a short name (tempfile's, not pytest's tmp_path): a socket's path may not be long.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = f"unix://{folder / 'redis.sock'}"
        self.start()

    def start(self) -> None:
        """Return once it answers."""
        command = find_redis().command(self._folder / "redis.sock", self._folder)
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for(self._answers, "Redis to answer")

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, such as SIGSTOP."""
        self._process.send_signal(number)

    def stop(self) -> None:
        """End it, kindly or not as it deserves."""
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        self._process.wait(timeout=30)

    def kill(self) -> None:
        """End it as a crash would."""
        self._process.kill()
        self._process.wait(timeout=30)

    def _answers(self) -> bool:
        client = Redis.from_url(self.url, socket_timeout=1)
        try:
            return bool(client.ping())
        except RedisError:
            return False
        finally:
            client.close()
