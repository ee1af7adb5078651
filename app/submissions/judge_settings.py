"""Which judge the site uses, and where its Judge0 is: from the environment, or as an administrator says."""

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.config import HEADER, http_headers, service_url
from app.core import audit, clock
from app.core.db import UtcDateTime, transaction, upsert
from app.core.refusal import Refused
from app.core.secrets import SecretLost, decrypt, encrypt
from app.extensions import db
from app.submissions.signals import judge_turned

THE_ROW = 1
TOKEN_HEADER = "X-Auth-Token"  # noqa: S105 (Judge0's own name for it)
LONGEST_URL, LONGEST_TOKEN, LONGEST_HEADERS = 300, 2000, 4000


class JudgeSettings(db.Model):
    """The one row of what administrators say; `secret` is the headers of Judge0, as JSON and encrypted."""

    __tablename__ = "judge_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    chosen: Mapped[str | None] = mapped_column(String(40))
    url: Mapped[str | None] = mapped_column(String(LONGEST_URL))
    secret: Mapped[str | None] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Judge0Place:
    """Where a Judge0 is, and the headers that go with every call; they may hold secrets."""

    url: str
    headers: tuple[tuple[str, str], ...]
    is_from_environment: bool

    @property
    def shown(self) -> str:
        """The address as pages show it: without what somebody may have put into it."""
        parts = urlsplit(self.url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()

    @property
    def header_names(self) -> list[str]:
        """The names alone, which are no secrets."""
        return [name for name, _ in self.headers]


def judge_name() -> str:
    """The judge in use: what an administrator chose last, else what JUDGE says, else Judge0 where there is one.

    JUDGE=none is final, and Judge0 can only be chosen while its address is known.
    """
    return _name(_row())


def judge_in_use() -> tuple[str, Judge0Place | None]:
    """The judge in use, and where Judge0 is, should it be that, by one look at the settings."""
    row = _row()
    return _name(row), _place(row)


def judge0_place() -> Judge0Place | None:
    """The environment's Judge0, else the one that was typed in; None where there is neither."""
    return _place(_row())


def is_unreadable() -> bool:
    """Whether the typed-in headers were encrypted by another SECRET_KEY, so that Judge0 is asked without them."""
    row = _row()
    try:
        return bool(row and row.secret and not decrypt(row.secret))
    except SecretLost:
        return True


def typed_place(url: str, token: str, token_header: str, headers: str) -> Judge0Place:
    """What an administrator typed; Refused where it will not do."""
    try:
        address = service_url(url.strip())
    except ValueError as error:
        raise Refused(
            "url", "An address begins with https:// or http://, as https://judge0.example.org does."
        ) from error
    if "@" in urlsplit(address).netloc:
        raise Refused("url", "Leave name and password out of the address: what an address says is shown.")
    try:
        named = http_headers(headers)
    except ValueError as error:
        raise Refused(
            "headers", "Write one “Name: value” a line, with none but Latin letters, digits and signs."
        ) from error
    line = f"{token_header.strip() or TOKEN_HEADER}: {token.strip()}"
    if token.strip() and not HEADER.fullmatch(line):
        raise Refused("token", "A token and its header have none but Latin letters, digits and signs: paste it again.")
    if token.strip():
        named[line.partition(":")[0]] = token.strip()
    return Judge0Place(address, tuple(named.items()), False)


def keep_place(place: Judge0Place) -> None:
    """Use this Judge0 from now on, in the place of any that was typed in before; Refused where it would not count."""
    if current_app.config["JUDGE0_URL"]:
        raise Refused("url", "The environment says where Judge0 is; what is typed in here would not count.")
    with transaction():
        _store(url=place.url, secret=encrypt(json.dumps(dict(place.headers))), chosen="judge0")
        audit.record("connect Judge0", "judge", after={"url": place.url, "headers": place.header_names})


def forget_place() -> None:
    """Let the typed-in Judge0 go."""
    with transaction():
        _store(url=None, secret=None, chosen=None)
        audit.record("disconnect Judge0", "judge")


def choose(name: str) -> None:
    """Have programs judged by this one from now on, in all processes; Refused where it cannot be had."""
    before = judge_name()
    if before == "none":
        raise Refused("judge", "JUDGE=none stands in the environment: judging is switched off there.")
    if name not in ("sandbox", "judge0") or (name == "judge0" and judge0_place() is None):
        raise Refused("judge", "There is no such judge to switch to.")
    with transaction():
        _store(chosen=name)
        audit.record("choose judge", "judge", before={"judge": before}, after={"judge": name})


def _row() -> JudgeSettings | None:
    return db.session.get(JudgeSettings, THE_ROW, populate_existing=True)


def _name(row: JudgeSettings | None) -> str:
    told: str = current_app.config["JUDGE"]
    if told == "none":
        return told
    is_there = bool(current_app.config["JUDGE0_URL"] or (row and row.url))
    if row and row.chosen and (row.chosen != "judge0" or is_there):
        return row.chosen
    return told or ("judge0" if is_there else "sandbox")


def _place(row: JudgeSettings | None) -> Judge0Place | None:
    config = current_app.config
    if config["JUDGE0_URL"]:
        headers = dict(config["JUDGE0_HEADERS"] or {})
        if config["JUDGE0_TOKEN"]:
            headers[config["JUDGE0_TOKEN_HEADER"]] = config["JUDGE0_TOKEN"]
        return Judge0Place(config["JUDGE0_URL"], tuple(headers.items()), True)
    return Judge0Place(row.url, tuple(_kept(row).items()), False) if row and row.url else None


def _kept(row: JudgeSettings) -> dict[str, str]:
    try:
        kept: dict[str, str] = json.loads(decrypt(row.secret)) if row.secret else {}
    except SecretLost:
        return {}  # the page says then that they have to be typed anew
    return kept


def _store(**values: str | None) -> None:
    insert = upsert(JudgeSettings).values(id=THE_ROW, set_at=clock.now(), **values)
    db.session.execute(insert.on_conflict_do_update(index_elements=["id"], set_={**values, "set_at": clock.now()}))
    judge_turned.send()
