"""Live pages: fragments go through Redis to every open socket that holds a ticket for their topic.

Push is a hint, GET is the truth: each page also refreshes itself, so nothing here has to be perfect.
"""

from flask import Flask, current_app

from app.core.live.endpoint import bp, live_socket
from app.core.live.hub import Hub
from app.core.live.publishing import Message, hint, hint_for, publish, publish_all, render
from app.core.live.shutdown import install_shutdown
from app.core.live.tickets import TicketRefused, read_ticket, ticket

__all__ = [
    "Message",
    "TicketRefused",
    "hint",
    "hint_for",
    "init_app",
    "install_shutdown",
    "live_socket",
    "open_sockets",
    "publish",
    "publish_all",
    "read_ticket",
    "render",
    "ticket",
]

INBOUND_BYTES = 1024  # pages say nothing; this is only for their control frames


def init_app(app: Flask) -> None:
    """Register the socket end and the template global `live_socket`."""
    app.config["SOCK_SERVER_OPTIONS"] = {"max_message_size": INBOUND_BYTES, "receive_bytes": INBOUND_BYTES}
    app.extensions["live"] = Hub(app.config["REDIS_URL"], app.config["LIVE_MAX_SOCKETS"])
    app.register_blueprint(bp)
    app.add_template_global(live_socket)


def open_sockets() -> int:
    """How many pages listen to this process."""
    return len(current_app.extensions["live"])
