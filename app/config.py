"""Every setting: its variable, default and meaning. A wrong value refuses to start and says why."""

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class ConfigError(Exception):
    """A setting that cannot be used; the message names the variable and says what would do."""


@dataclass(frozen=True)
class Setting:
    """One environment variable. `parse` turns its text into the value or raises ValueError."""

    variable: str
    default: str
    parse: Callable[[str], Any]
    meaning: str


def whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise ValueError
        return value

    parse.__doc__ = f"a whole number from {least} to {most}"
    return parse


def yes_or_no(text: str) -> bool:
    """1 or 0"""
    return {"1": True, "0": False}[text]


def database_url(text: str) -> str:
    """a SQLite or PostgreSQL address such as postgresql://user@host/name"""
    scheme = urlsplit(text).scheme.split("+")[0]
    if scheme in {"postgres", "postgresql"}:
        return "postgresql+psycopg:" + text.split(":", 1)[1]
    if scheme != "sqlite":
        raise ValueError
    return text


def redis_url(text: str) -> str:
    """a Redis address such as redis://host:6379/0 or unix:///path/redis.sock"""
    if urlsplit(text).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError
    return text


def service_url(text: str) -> str:
    """an address such as https://api.example.org"""
    if urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname:
        raise ValueError
    return text.rstrip("/")


def judge_name(text: str) -> str:
    """empty, sandbox, judge0 or none"""
    if text not in {"sandbox", "judge0", "none"}:
        raise ValueError
    return text


def http_headers(text: str) -> dict[str, str]:
    """headers as “Name: value”, with a semicolon between two"""
    headers = {}
    for line in filter(None, (line.strip() for line in text.replace(";", "\n").splitlines())):
        match = HEADER.fullmatch(line)
        if match is None:
            raise ValueError
        headers[match[1]] = match[2]
    return headers


def public_url(text: str) -> str:
    """empty, or the site's own address such as https://club.example.org"""
    if text and urlsplit(text).scheme not in {"http", "https"}:
        raise ValueError
    return text.rstrip("/")


MEGABYTE = 1024 * 1024
HEADER = re.compile(r"([A-Za-z0-9-]{1,60}):[ \t]*([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)")
LONGEST_SOCKET_PATH = 100

SETTINGS = (
    Setting("DATABASE_URL", "", database_url, "Where the database is; empty: SQLite in the instance folder."),
    Setting("REDIS_URL", "", redis_url, "Where Redis is; empty: the socket in the instance folder."),
    Setting("PUBLIC_URL", "", public_url, "The address members use; for links made on the command line."),
    Setting("TRUSTED_PROXIES", "0", whole_number(0, 5), "How many reverse proxies stand in front of the site."),
    Setting("SESSION_COOKIE_SECURE", "0", yes_or_no, "1 where the site is reached by https only."),
    Setting(
        "LIVE_MAX_SOCKETS",
        "300",
        whole_number(0, 20000),
        "Open sockets a web process takes; then pages poll.",
    ),
    Setting("DEMO", "0", yes_or_no, "1 where the club is the demo, whose scores keep moving; `make run` says so."),
    Setting("KAGGLE_USERNAME", "", str, "The club's account on Kaggle; an administrator may type it in instead."),
    Setting("KAGGLE_KEY", "", str, "The API key that belongs to KAGGLE_USERNAME."),
    Setting("KAGGLE_API_TOKEN", "", str, "An access token of Kaggle, in place of a username and key."),
    Setting("KAGGLE_API_URL", "https://api.kaggle.com", service_url, "Where Kaggle's API is."),
    Setting("KAGGLE_SECONDS", "90", whole_number(1, 120), "How long Kaggle may take to send a leaderboard."),
    Setting("BOARD_MAX_MB", "50", whole_number(1, 500), "Largest file taken, leaderboards unpacked, in megabytes."),
    Setting(
        "JUDGE",
        "",
        judge_name,
        "What executes programs: sandbox, judge0, or none, and nothing is judged; empty: Judge0 where one is told of.",
    ),
    Setting("JUDGE0_URL", "", service_url, "Where a Judge0 is; an administrator may type it in instead."),
    Setting("JUDGE0_TOKEN", "", str, "What that Judge0, or the gateway before it, wants to hear in each call."),
    Setting("JUDGE0_TOKEN_HEADER", "X-Auth-Token", str, "The header that carries JUDGE0_TOKEN."),
    Setting(
        "JUDGE0_HEADERS", "", http_headers, "More headers for Judge0, such as a gateway’s “X-Host: name; X-Plan: club”."
    ),
    Setting(
        "JUDGE0_CALLBACK_URL",
        "",
        service_url,
        "Where that Judge0 reaches this site, to tell when a program is done; empty: it is only asked.",
    ),
    Setting(
        "JUDGE_WORKERS",
        str(min(2, os.cpu_count() or 1)),
        whole_number(1, 64),
        "How many programs `make run` judges at once: at most as many as there are cores, or none is measured fairly.",
    ),
    Setting(
        "LOGIN_FAILURES_PER_ACCOUNT",
        "10",
        whole_number(1, 1000),
        "Wrong passwords per account in 15 minutes.",
    ),
    Setting(
        "LOGIN_FAILURES_PER_ADDRESS",
        "300",
        whole_number(1, 100000),
        "Wrong passwords per address in an hour.",
    ),
    Setting("REGISTRATIONS_PER_ADDRESS", "200", whole_number(1, 100000), "New accounts per address in an hour."),
)


def load_config(environ: Mapping[str, str], instance_path: Path) -> dict[str, Any]:
    """Flask settings from environment variables and the instance folder; ConfigError for a wrong value."""
    values = {setting.variable: read_setting(setting, environ) for setting in SETTINGS}
    return {
        **values,
        "SECRET_KEY": environ.get("SECRET_KEY") or _kept_secret(instance_path / "secret_key"),
        "SQLALCHEMY_DATABASE_URI": values["DATABASE_URL"] or f"sqlite:///{instance_path / 'mlbattle.db'}",
        "REDIS_URL": values["REDIS_URL"] or f"unix://{redis_socket(instance_path)}",
        "MAX_CONTENT_LENGTH": values["BOARD_MAX_MB"] * MEGABYTE,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": values["SESSION_COOKIE_SECURE"],
        "WTF_CSRF_TIME_LIMIT": None,
    }


def redis_socket(instance_path: Path) -> Path:
    """Where this instance's Redis listens; in a short private folder where the path would be too long."""
    path = instance_path / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(instance_path)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"mlbattle-{os.getuid()}-{name}" / "redis.sock"


def read_setting(setting: Setting, environ: Mapping[str, str]) -> Any:
    """Its value from the environment, or its default; ConfigError for a wrong one."""
    text = environ.get(setting.variable, "").strip() or setting.default
    if not text:
        return ""
    try:
        return setting.parse(text)
    except (ValueError, KeyError) as error:
        raise ConfigError(f"{setting.variable} must be {setting.parse.__doc__}, not {text!r}.") from error


def _kept_secret(path: Path) -> str:
    """The key in `path`, made once; created exclusively, so that processes starting together agree on one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            path.stat()
        finally:
            draft.unlink()
    return path.read_text().strip()
