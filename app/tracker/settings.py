"""What platforms need to be told: their addresses, and keys that the environment names or an administrator types in."""

from collections.abc import Iterator

from flask import current_app

from app.config import Setting, service_url
from app.core import audit, clock
from app.core.db import transaction, upsert
from app.core.refusal import Refused
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
            yield Setting(_variable(platform, need.name), "", str, need.where)


def address_of(platform: Platform, site: str) -> str:
    """Where the platform's site of this name is asked, without a slash at the end."""
    return str(current_app.config[_variable(platform, site, "URL")])


def value_of(platform: Platform, name: str) -> str:
    """A need's value, from the environment or as typed in; "" where there is none, or it cannot be read any more."""
    told = current_app.config[_variable(platform, name)]
    if told:
        return str(told)
    row = db.session.get(PlatformSecret, (platform.key, name), populate_existing=True)
    try:
        return decrypt(row.secret) if row and row.secret else ""
    except SecretLost:
        return ""  # as the page says then, it has to be given anew


def is_from_environment(platform: Platform, name: str) -> bool:
    """Whether the environment gives it; then nothing that is typed in counts."""
    return bool(current_app.config[_variable(platform, name)])


def lacking(platform: Platform) -> str:
    """What keeps the platform from being asked, in a sentence; "" where nothing does."""
    needs = [need for need in platform.needs if need.is_required and not value_of(platform, need.name)]
    if not needs:
        return ""
    labels = " and ".join(need.label for need in needs)
    variables = " and ".join(_variable(platform, need.name) for need in needs)
    return f"{platform.name} needs its {labels} ({variables}). {needs[0].where}"


def keep_secret(platform: Platform, name: str, value: str) -> None:
    """Keep what an administrator typed in for a need, encrypted; an empty one is let go."""
    if name not in {need.name for need in platform.needs}:
        raise Refused("", f"{platform.name} needs nothing of that name.")
    if len(value) > LONGEST_SECRET:
        raise Refused(name, f"That is longer than {LONGEST_SECRET:,} characters.")
    with transaction():
        audit.record("set platform secret", f"platform:{platform.key}", after={"name": name, "is_set": bool(value)})
        values = {"secret": encrypt(value) if value else "", "set_at": clock.now()}
        insert = upsert(PlatformSecret).values(platform=platform.key, name=name, **values)
        db.session.execute(insert.on_conflict_do_update(index_elements=["platform", "name"], set_=values))


def _variable(platform: Platform, *names: str) -> str:
    return "_".join(name for name in (platform.key.upper(), *names) if name)
