"""What platforms need to be told: their addresses, and keys that the environment names or an administrator types in."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import delete

from app.config import Setting, service_url
from app.core import audit, clock
from app.core.db import transaction, upsert
from app.core.secrets import SecretLost, decrypt, encrypt
from app.extensions import db
from app.tracker.models import PlatformSecret
from app.tracker.platforms import platforms
from app.tracker.platforms.base import Platform

LONGEST_SECRET = 2000


def settings() -> Iterator[Setting]:
    """The settings that follow from what platforms declare."""
    for platform in platforms().values():
        for site, address in platform.sites:
            meaning = f"Where {platform.name} is asked." if not site else f"The same for its {site.lower()} pages."
            yield Setting(_variable(platform, site, "URL"), address, service_url, meaning)
        for need in platform.needs:
            yield Setting(_variable(platform, need.name), "", str, f"{platform.name}’s {need.label}. {need.where}")


def addresses(platform: Platform) -> list[tuple[str, str]]:
    """Where the platform is asked: the setting of each of its sites, and what it is."""
    return [(_variable(platform, site, "URL"), address_of(platform, site)) for site, _ in platform.sites]


def address_of(platform: Platform, site: str) -> str:
    """Where the platform's site of this name is asked, without a slash at the end."""
    return str(current_app.config[_variable(platform, site, "URL")])


def value_of(platform: Platform, name: str) -> str:
    """A need's value, from the environment or as typed in; "" where there is none, or it cannot be read any more."""
    told = current_app.config[_variable(platform, name)]
    return str(told) if told else _kept(platform, name)


def _kept(platform: Platform, name: str) -> str:
    row = db.session.get(PlatformSecret, (platform.key, name), populate_existing=True)
    try:
        return decrypt(row.secret) if row else ""
    except SecretLost:
        return ""  # as the page says then, it has to be given anew


def lacking(platform: Platform) -> str:
    """What keeps the platform from being asked, in a sentence; "" where nothing does."""
    needs = [need for need in platform.needs if need.is_required and not value_of(platform, need.name)]
    if not needs:
        return ""
    labels = " and ".join(need.label for need in needs)
    variables = " and ".join(_variable(platform, need.name) for need in needs)
    return f"{platform.name} needs its {labels} ({variables}). {needs[0].where}"


@dataclass(frozen=True)
class NeedCard:
    """A need as a page shows it; never with its value."""

    name: str
    variable: str
    label: str
    where: str
    is_from_environment: bool
    is_kept: bool
    is_required: bool

    @property
    def state(self) -> str:
        """Whether it is there, and from where."""
        if self.is_from_environment:
            return "by the environment"
        if self.is_kept:
            return "kept, encrypted"
        return "needed" if self.is_required else "not given; it works without"


def need_cards(platform: Platform) -> list[NeedCard]:
    """What the platform needs, and whether it has it."""
    return [
        NeedCard(
            name=need.name,
            variable=_variable(platform, need.name),
            label=need.label,
            where=need.where,
            is_from_environment=bool(current_app.config[_variable(platform, need.name)]),
            is_kept=bool(_kept(platform, need.name)),
            is_required=need.is_required,
        )
        for need in platform.needs
    ]


def keep_secrets(platform: Platform, values: dict[str, str]) -> None:
    """Keep what an administrator typed in for needs of the platform, encrypted."""
    with transaction():
        for name, value in values.items():
            kept = {"secret": encrypt(value), "set_at": clock.now()}
            insert = upsert(PlatformSecret).values(platform=platform.key, name=name, **kept)
            db.session.execute(insert.on_conflict_do_update(index_elements=["platform", "name"], set_=kept))
        audit.record("keep secrets", f"platform:{platform.key}", after=sorted(values))


def forget_secrets(platform: Platform) -> None:
    """Let go of all that was typed in for the platform."""
    with transaction():
        db.session.execute(delete(PlatformSecret).where(PlatformSecret.platform == platform.key))
        audit.record("forget secrets", f"platform:{platform.key}")


def fingerprint(platform: Platform) -> str:
    """What changes with the values of its needs, and does not tell them."""
    values = "\0".join(value_of(platform, need.name) for need in platform.needs)
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), values.encode(), "sha256").hex()[:16]


def _variable(platform: Platform, *names: str) -> str:
    return "_".join(name for name in (platform.key.upper(), *names) if name)
