"""The forms of cohorts."""

from dataclasses import asdict

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.core.forms import TextForm
from app.core.text import LONGEST_SLUG
from app.tracker.cohorts import LONGEST, MOST_CONTESTS, CohortDetails, details_of
from app.tracker.models import Cohort

VISIBILITY_NAMES = {
    "organisers": "organisers only",
    "participants": "organisers, and the members on its roster",
    "members": "all members of the club",
}


class CohortForm(TextForm):
    """What organisers say about a cohort; the service has the last word."""

    college = StringField("College", [DataRequired("Say which college."), Length(max=LONGEST["college"])])
    batch = StringField("Batch", [DataRequired("Say which batch, such as 2027."), Length(max=LONGEST["batch"])])
    slug = StringField("Address", [Optional(), Length(max=LONGEST_SLUG)])
    visibility = SelectField(
        "Who sees its leaderboard",
        [InputRequired()],
        choices=[SelectChoice(value, label) for value, label in VISIBILITY_NAMES.items()],
    )
    hackerrank_contests = TextAreaField("HackerRank contests", [Length(max=MOST_CONTESTS * 200)])

    def details(self) -> CohortDetails:
        """What was entered, for the service."""
        return CohortDetails(
            college=self.college.data or "",
            batch=self.batch.data or "",
            slug=self.slug.data or "",
            visibility=self.visibility.data,
            hackerrank_contests=tuple((self.hackerrank_contests.data or "").replace(",", "\n").splitlines()),
        )

    @classmethod
    def of(cls, cohort: Cohort) -> "CohortForm":
        """The form filled with what is stored."""
        told = asdict(details_of(cohort))
        return cls(data=told | {"hackerrank_contests": "\n".join(cohort.hackerrank_contests)})
