"""The forms of people on rosters, and of the handles that members keep."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import Field, StringField, ValidationError
from wtforms.validators import Length, Optional

from app.core.forms import FileForm, TextForm
from app.core.refusal import Refused
from app.members import rules
from app.tracker.models import Participant
from app.tracker.platforms import platforms
from app.tracker.service import LONGEST, PersonDetails, clean_handle

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


class HandlesForm(TextForm):
    """A field for a handle on each platform, by its key."""

    def typed(self) -> dict[str, str]:
        """What was entered, by platform."""
        return {key: self[key].data or "" for key in platforms()}

    @classmethod
    def of(cls, participant: Participant | None, **options: Any) -> "HandlesForm":
        """The form filled with the handles there are."""
        stored = {row.platform: row.handle for row in participant.handles} if participant else {}
        return cls(data=stored, **options)


class PersonForm(HandlesForm):
    """All that organisers say about a person; the service has the last word."""

    name = StringField("Name", [Length(max=LONGEST["name"])])
    roll_number = StringField("Roll number", [Length(max=LONGEST["roll_number"])])
    email = StringField("E-mail", [Optional(), Length(max=rules.EMAIL_LENGTH), _is_email])

    def details(self) -> PersonDetails:
        """What was entered, for the service."""
        return PersonDetails(self.name.data or "", self.roll_number.data or "", self.email.data or "", self.typed())

    @classmethod
    def of(cls, participant: Participant | None, **options: Any) -> "PersonForm":
        """The form filled with what is stored."""
        return super().of(participant, obj=participant, **options)


for _platform in platforms().values():
    setattr(HandlesForm, _platform.key, StringField(_platform.name, [Length(max=LONGEST_TYPED), _is_handle]))


class LinkForm(TextForm):
    """Which member somebody is."""

    username = StringField("Username of the member", [Length(max=rules.USERNAME_LENGTH)])


class RosterForm(FileForm):
    """A roster in a file."""

    file = FileField("CSV file or .xlsx workbook", [FileRequired("Choose a file.")])
