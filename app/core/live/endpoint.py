"""The socket end: checks Origin and ticket, then listens. No database, no current user."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, g, request, url_for
from markupsafe import Markup
from simple_websocket import Server

from app.core.live.client import Client
from app.core.live.frames import accepted_offer, offered_window
from app.core.live.hub import Hub, SocketRefused
from app.core.live.tickets import TicketRefused, read_ticket, ticket
from app.extensions import sock

POLICY_VIOLATION = 1008
LOOK_SECONDS = 5  # simple-websocket ends without a word when a message was too big
SERVER_SOCKETS = ("gunicorn.socket", "werkzeug.socket")
OFFERS = "HTTP_SEC_WEBSOCKET_EXTENSIONS"

bp = Blueprint("live", __name__)


@bp.before_request
def refuse_strangers() -> None:
    """Only pages of this site may open a socket, and only by a whole WebSocket handshake."""
    if request.headers.get("Origin") != f"{request.scheme}://{request.host}":
        abort(403)
    if not request.headers.get("Sec-WebSocket-Key") or request.headers.get("Sec-WebSocket-Version") != "13":
        abort(400)


@bp.before_request
def take_over_socket() -> None:
    """Put our client in the place of the server's socket before simple-websocket takes it."""
    environ = request.environ
    name = next((name for name in SERVER_SOCKETS if name in environ), None)
    if name is None:
        abort(400)
    window = offered_window(environ.pop(OFFERS, ""))
    if window is not None:
        environ[OFFERS] = accepted_offer(window)
    g.live_client = environ[name] = Client(environ[name], window)


@sock.route("/live", bp=bp)
def listen(ws: Server) -> None:
    """Hold the socket open until either side ends it; what a page says is ignored."""
    hub: Hub = current_app.extensions["live"]
    client: Client = g.live_client
    try:
        hub.join(client, read_ticket(request.args.get("ticket", "")))
        while ws.thread.is_alive():
            ws.receive(timeout=LOOK_SECONDS)
    except TicketRefused:
        client.end(POLICY_VIOLATION)
    except SocketRefused as refused:
        client.end(refused.code)
    finally:
        hub.leave(client)
        ws.thread.join(timeout=1)  # lets it answer the other side's close
        client.close()


def live_socket(*topics: str) -> Markup:
    """The elements by which a page listens to `topics`; once per page, outside every fragment."""
    elements = '<div id="live-socket" ws-connect="{}" hidden></div><div id="live-hint" hidden></div>'
    # For a socket Flask only builds whole addresses; without its host the page's own scheme and port hold.
    address = urlsplit(url_for("live.listen", ticket=ticket(*topics)))._replace(scheme="", netloc="").geturl()
    return Markup(elements).format(address)  # noqa: S704 - our own text
