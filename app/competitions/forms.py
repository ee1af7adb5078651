"""The forms of competitions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, FloatField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.competitions.kaggle_account import LONGEST as ACCOUNT_LONGEST
from app.competitions.models import Competition
from app.competitions.scoring import examples
from app.competitions.service import LONGEST, MOST_POINTS, Draft, check_scale, clean_kaggle_slug
from app.core.forms import FileForm, TextForm
from app.core.moments import MomentField
from app.core.refusal import Refused
from app.core.text import many_lines, one_line


def plain_lines(text: str | None) -> str:
    """What a browser sends, with one mark for each line end: so it is counted as it is stored."""
    return many_lines(text or "")


@dataclass(frozen=True)
class Scale:
    """How scores become points: examples as (score, points), or why there are none."""

    examples: tuple[tuple[float, float], ...] = ()
    fault: str = ""


def scale_of(worst: float | None, best: float | None, max_points: float | None, is_higher_better: bool) -> Scale:
    """The scale that these numbers make."""
    try:
        check_scale(worst, best, is_higher_better=is_higher_better)
    except Refused as refusal:
        return Scale(fault=str(refusal))
    if worst is None or best is None or not max_points or not 0 < max_points <= MOST_POINTS:
        return Scale(fault="Fill in the worst and the best score, and the points for the best, to see examples.")
    return Scale(tuple(examples(worst=worst, best=best, max_points=max_points)))


class CompetitionForm(TextForm):
    """Making and changing a competition; moments are entered in UTC."""

    title = StringField("Title", [InputRequired("A competition needs a title."), Length(max=LONGEST["title"])])
    slug = StringField("Address", [InputRequired("The address must be filled in."), Length(max=60)])
    event_id = SelectField("Event", coerce=int)
    starts_at = MomentField("Starts (UTC)", [InputRequired("When does it start?")])
    ends_at = MomentField("Ends (UTC)", [InputRequired("When does it end?")])
    kaggle_slug = StringField("Kaggle competition", [Optional(), Length(max=300)])
    metric = StringField("Metric", [Length(max=LONGEST["metric"])])
    direction = RadioField(
        "Which score is better?",
        choices=[SelectChoice("higher", "Higher"), SelectChoice("lower", "Lower")],
        default="higher",
    )
    worst_score = FloatField("Worst score", [Optional()])
    best_score = FloatField("Best score", [Optional()])
    max_points = FloatField("Points for the best score", [InputRequired()], default=100.0)
    weight = FloatField("Weight in the ratings", [InputRequired()], default=1.0)
    is_registered_only = BooleanField("Only members who entered by themselves are matched")
    description = TextAreaField("Description (Markdown)", [Length(max=LONGEST["description"])], filters=[plain_lines])
    rules = TextAreaField("Rules (Markdown)", [Length(max=LONGEST["rules"])], filters=[plain_lines])

    def draft(self) -> Draft:
        """What was entered, for the service."""
        data: dict[str, Any] = {name: value for name, value in self.data.items() if name != "csrf_token"}
        is_higher_better = data.pop("direction") == "higher"
        data["slug"] = data["slug"].strip().lower()
        data["title"], data["metric"] = one_line(data["title"]), one_line(data["metric"] or "")
        data["event_id"] = data["event_id"] or None
        data["kaggle_slug"] = clean_kaggle_slug(data["kaggle_slug"])
        return Draft(is_higher_better=is_higher_better, **data)

    def scale(self) -> Scale:
        """What the points would be, as far as it is filled in."""
        is_higher_better = self.direction.data == "higher"
        return scale_of(self.worst_score.data, self.best_score.data, self.max_points.data, is_higher_better)

    def offer_events(self, events: Iterable[tuple[int, str]]) -> None:
        """The events, as (id, title), that it may belong to."""
        self.event_id.choices = [
            SelectChoice(0, "None"),
            *(SelectChoice(number, title) for number, title in events),
        ]
        if self.event_id.data is None:
            self.event_id.data = 0

    @classmethod
    def of(cls, competition: Competition) -> "CompetitionForm":
        """The form filled with what is stored."""
        return cls(obj=competition, direction="higher" if competition.is_higher_better else "lower")


class BoardForm(FileForm):
    """Handing in a leaderboard file."""

    file = FileField("Leaderboard file", [FileRequired("Choose the file that Kaggle gave you.")])


class AccountForm(TextForm):
    """Connecting the club's account on Kaggle."""

    username = StringField("Kaggle username", [Optional(), Length(max=ACCOUNT_LONGEST["username"])])
    key = PasswordField(
        "API key or access token",
        [InputRequired("Paste the key or the token."), Length(max=ACCOUNT_LONGEST["key"])],
    )
