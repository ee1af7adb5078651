"""One page for every refusal and failure: what happened, and what to do."""

import logging

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.extensions import db

log = logging.getLogger(__name__)

SENTENCES = {
    400: ("That request could not be read", "Go back, check what was entered, and try again."),
    401: ("Please log in", "This page is for members who are logged in."),
    403: ("This is not yours to open", "Your account may not do this. An administrator can change that."),
    404: ("There is nothing here", "The address may be mistyped, or what stood here has moved or been removed."),
    405: ("That cannot be done this way", "Open the page and use its buttons."),
    413: (
        "That is too large",
        "Files have at most {megabytes} MB. Choose a smaller one or write a shorter text, or ask the "
        "administrator to raise the limit (BOARD_MAX_MB).",
    ),
    429: ("Too many tries", "Wait a few minutes and try again."),
    500: (
        "Something broke on our side",
        "It has been written to the log. Nothing you entered was half-stored.",
    ),
    503: ("This part is away for the moment", "It comes back by itself; try again in a few seconds."),
}

BACK = "Go back: what you typed is still there. Then send it again."
OUT = f"Your login has ended since it was opened. Log in again in a new tab, then come here. {BACK}"


def init_app(app: Flask) -> None:
    """Show our page for each error, whichever part raised it."""
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(Exception, _broken)


def _form_too_old(error: CSRFError) -> ResponseReturnValue:
    is_out = not current_user.is_authenticated
    advice = OUT if is_out else "You have logged in anew since it was opened. " + BACK
    return _page(400, "This form is no longer valid", advice, is_out=is_out)


def _show(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    title, advice = SENTENCES.get(code, SENTENCES[400])
    return _page(code, title, advice.format(megabytes=current_app.config["BOARD_MAX_MB"]))


def _broken(error: Exception) -> ResponseReturnValue:
    log.exception("%s %s failed", request.method, request.path)
    db.session.rollback()
    return _page(500, *SENTENCES[500])


def _page(code: int, title: str, advice: str, **more: bool) -> ResponseReturnValue:
    return render_template("errors/page.html", code=code, title=title, advice=advice, **more), code
