"""The form for an event."""

from flask_wtf.file import FileField, FileRequired
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.competitions.event_service import LONGEST_DESCRIPTION, LONGEST_LINE, EventDetails
from app.core.forms import FileForm, TextForm
from app.core.moments import MomentField
from app.core.text import LONGEST_SLUG


def _at_most(characters: int) -> Length:
    return Length(max=characters, message=f"At most {characters:,} characters.")


class EventForm(TextForm):
    """What an organiser says about an event; the service has the last word."""

    title = StringField("Title", [DataRequired("Give the event a title."), _at_most(LONGEST_LINE)])
    slug = StringField("Address", [Optional(), _at_most(LONGEST_SLUG)])
    starts_at = MomentField("Starts")
    ends_at = MomentField("Ends")
    organiser = StringField("Organiser", [_at_most(LONGEST_LINE)])
    prize = StringField("Prize", [_at_most(LONGEST_LINE)])
    description = TextAreaField("Description", [_at_most(LONGEST_DESCRIPTION)])

    def details(self) -> EventDetails:
        """What was entered, for the service."""
        return EventDetails(
            title=self.title.data or "",
            slug=self.slug.data or "",
            description=self.description.data or "",
            organiser=self.organiser.data or "",
            prize=self.prize.data or "",
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
        )


class BannerForm(FileForm):
    """A picture for an event."""

    file = FileField("Picture", [FileRequired("Choose a picture.")])
