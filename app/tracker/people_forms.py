"""The forms of people on rosters, and of the handles that members keep."""

import json
from typing import Any, ClassVar, Self

from flask_wtf.file import FileField, FileRequired
from wtforms import Field, HiddenField, StringField, ValidationError
from wtforms.validators import Length, Optional

from app.core.forms import FileForm, TextForm
from app.core.refusal import Refused
from app.members import rules
from app.tracker.models import Participant
from app.tracker.platforms import platforms
from app.tracker.service import LONGEST, NOBODY, Outdated, PersonDetails, clean_handle, of_person

LONGEST_TYPED = 300  # a pasted address


def _is_email(_form: TextForm, field: Field) -> None:
    try:
        rules.clean_email(field.data)
    except Refused as refusal:
        raise ValidationError(str(refusal)) from refusal


def _is_handle(_form: TextForm, field: Field) -> None:
    try:
        clean_handle(field.short_name, field.data or "")
    except Refused as refusal:
        raise ValidationError(str(refusal)) from refusal


class OneIsNeeded:
    """Of a name and a roll number: neither is optional where the other is not there."""

    field_flags: ClassVar = {"one_of_several": True}

    def __call__(self, form: TextForm, _field: Field) -> None:
        """Refuse where there is neither."""
        if not form["name"].data and not form["roll_number"].data:
            raise ValidationError(NOBODY)


class HandlesForm(TextForm):
    """A field for a handle on each platform, by its key; `seen` brings back what the form showed at first."""

    seen = HiddenField()

    def typed(self) -> dict[str, str]:
        """What was entered, by platform."""
        return {key: self[key].data or "" for key in platforms()}

    @classmethod
    def of(cls, participant: Participant | None, **options: Any) -> Self:
        """The form filled with what is stored."""
        stored = dict.fromkeys(platforms(), "") | (cls._stored(participant) if participant else {})
        return cls(data=stored | {"seen": json.dumps(stored)}, **options)

    @staticmethod
    def _stored(participant: Participant) -> dict[str, str]:
        return {row.platform: row.handle for row in participant.handles}

    def shown(self) -> dict[str, str]:
        """What it showed at first, by field; nothing where that did not come back whole."""
        try:
            told = json.loads(self.seen.data or "{}")
        except (ValueError, RecursionError):
            return {}
        return {name: text for name, text in told.items() if isinstance(text, str)} if isinstance(told, dict) else {}

    def refuse(self, refusal: Refused) -> None:
        """Show it; who saves again has seen what is stored by now."""
        super().refuse(refusal)
        if isinstance(refusal, Outdated):
            self.seen.data = json.dumps(self.shown() | {refusal.field: refusal.stored})


class PersonForm(HandlesForm):
    """All that organisers say about a person; the service has the last word."""

    name = StringField("Name", [OneIsNeeded(), Length(max=LONGEST["name"])])
    roll_number = StringField("Roll number", [OneIsNeeded(), Length(max=LONGEST["roll_number"])])
    email = StringField("E-mail", [Optional(), Length(max=rules.EMAIL_LENGTH), _is_email])

    def details(self) -> PersonDetails:
        """What was entered, for the service."""
        return PersonDetails(self.name.data or "", self.roll_number.data or "", self.email.data or "", self.typed())

    @staticmethod
    def _stored(participant: Participant) -> dict[str, str]:
        return of_person(participant) | HandlesForm._stored(participant)


for _platform in platforms().values():
    setattr(HandlesForm, _platform.key, StringField(_platform.name, [Length(max=LONGEST_TYPED), _is_handle]))


class LinkForm(TextForm):
    """Which member somebody is."""

    username = StringField("Username of the member", [Length(max=rules.USERNAME_LENGTH)])


class RosterForm(FileForm):
    """A roster in a file."""

    file = FileField("CSV file or .xlsx workbook", [FileRequired("Choose a file.")])
