"""Numbers in addresses, and addresses to hand on."""

from typing import Any

from flask import Flask, current_app, request, url_for
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1  # of an integer column on PostgreSQL; a larger number would be an error there, not a miss


class RowId(IntegerConverter):
    """`<int:...>`: the id of a row that could exist."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def init_app(app: Flask) -> None:
    """Make every `<int:...>` a possible id; before any route is registered."""
    app.url_map.converters["int"] = RowId


def public_address(endpoint: str, **arguments: Any) -> str:
    """The whole address of a page, as members open it."""
    return str(current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")) + url_for(endpoint, **arguments)


def asked_id(name: str) -> int | None:
    """The id of a row that could exist, as the address asks for it by `?name=`; None for everything else."""
    number = request.args.get(name, 0, type=int)
    return number if 0 < number <= LARGEST_ID else None
