"""A restart of the web process takes open pages along at once instead of waiting for them."""

import _thread
import signal
from types import FrameType
from typing import Any


def install_shutdown(worker: Any) -> None:
    """Close every socket with 1012 when this gunicorn worker is told to stop; call it in post_worker_init."""
    hub = worker.wsgi.extensions["live"]
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, _closing_first(hub, signal.getsignal(number)))


def _closing_first(hub: Any, gunicorns_own: Any) -> Any:
    def handler(number: int, frame: FrameType | None) -> None:
        # Elsewhere, because what the signal interrupted may hold the hub's lock; and by the bare call,
        # because Thread.start waits, which gevent forbids where it runs signal handlers.
        _thread.start_new_thread(hub.close_all, ())
        gunicorns_own(number, frame)

    return handler
