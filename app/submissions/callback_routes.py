"""Where Judge0 rings."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from app.extensions import csrf
from app.submissions import callbacks

bp = Blueprint("judge0_callback", __name__)
csrf.exempt(bp)


@bp.put(f"{callbacks.PATH}<ticket>")
def ring(ticket: str) -> ResponseReturnValue:
    """Something is done over there; what, is not for it to say."""
    if not callbacks.ring(ticket):
        abort(404)
    return "", 204
