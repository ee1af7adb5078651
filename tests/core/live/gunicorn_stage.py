"""The hooks of the shipped gunicorn.conf.py that matter to open sockets."""

from typing import Any

control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Imported here, after gevent has patched what needs patching."""
    from app.core.live import install_shutdown

    install_shutdown(worker)
