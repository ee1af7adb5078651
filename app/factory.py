"""`create_app` puts the parts together; each feature registers itself."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import admin, competitions, demo, home, members, packages, problems, profiles, ratings, submissions, tracker
from app.config import load_config
from app.core import editor, errors, formats, health, jobs, live, packing, security, urls
from app.core.db import configure_engine
from app.extensions import REDIS_PATIENCE, csrf, db, limiter, login_manager, migrate

ROOT = Path(__file__).resolve().parent.parent
FEATURES = (members, competitions, problems, submissions, packages, ratings, tracker, profiles, home, admin, demo)


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The configured application; `settings` override what the environment says (tests, tools)."""
    instance_path = Path(os.environ.get("INSTANCE_PATH") or ROOT / "instance").resolve()
    app = Flask(
        "app",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(instance_path),
    )
    app.config.update(load_config(os.environ, instance_path))
    app.config.update(settings or {})
    app.config.setdefault("RATELIMIT_STORAGE_URI", _limiter_storage(app.config["REDIS_URL"]))
    if not app.config["RATELIMIT_STORAGE_URI"].startswith("memory:"):
        app.config["RATELIMIT_STORAGE_OPTIONS"] = REDIS_PATIENCE
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    _init_extensions(app)
    for part in (urls, packing, security, editor, errors, formats, health, jobs, live, *FEATURES):
        part.init_app(app)
    return app


def _init_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    login_manager.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    with app.app_context():
        configure_engine(db.engine)


def _limiter_storage(redis_url: str) -> str:
    return "redis+" + redis_url if redis_url.startswith("unix:") else redis_url
