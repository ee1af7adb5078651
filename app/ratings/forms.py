"""The form of a correction: one for all kinds, each of which fills its own fields."""

from collections.abc import Callable
from typing import Any

from wtforms import BooleanField, FloatField, HiddenField, IntegerField, StringField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.competitions.models import Competition, Entry
from app.core.forms import TextForm
from app.core.moments import MomentField
from app.core.refusal import Refused
from app.core.text import one_line
from app.ratings import corrections
from app.ratings.corrections import LONGEST_REASON, LONGEST_TEAM_ID, Correction

IS_NUMBER = NumberRange(1, 2**31 - 1)


class CorrectionForm(TextForm):
    """What is corrected (`kind`), and how."""

    kind = HiddenField()
    seen = HiddenField()  # the digest of what a preview showed
    entry_id = IntegerField(validators=[Optional(), IS_NUMBER], widget=HiddenInput())
    board_id = IntegerField(validators=[Optional(), IS_NUMBER], widget=HiddenInput())
    is_confirmed = BooleanField("It is right all the same")
    reason = StringField("Why?", [Length(max=LONGEST_REASON)])
    score = FloatField("Score that counts", [Optional()])
    team_id = StringField("Team number on Kaggle", [Length(max=LONGEST_TEAM_ID)])
    ends_at = MomentField("Ends (UTC)", [Optional()])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for field in (self.reason, self.score, self.team_id, self.ends_at):
            field.flags.required = True  # by the kinds that show it, which is what `correction` looks after

    def correction(self) -> Correction:
        """What was asked for; Refused where it is none."""
        make = KINDS.get(self.kind.data or "")
        if make is None:
            raise Refused("", "This is nothing that can be corrected.")
        return make(self)

    @classmethod
    def of(cls, competition: Competition, entry: Entry | None) -> "CorrectionForm":
        """The form filled with what is stored."""
        if entry is None:
            return cls(ends_at=competition.ends_at)
        return cls(entry_id=entry.id, score=entry.corrected_score, team_id=entry.team_id)


def _score(form: CorrectionForm) -> Correction:
    if form.score.data is None:
        raise Refused("score", "Which score should count?")
    return corrections.CorrectScore(form.entry_id.data or 0, form.score.data)


def _end(form: CorrectionForm) -> Correction:
    if form.ends_at.data is None:
        raise Refused("ends_at", "When does it end?")
    return corrections.MoveEnd(form.ends_at.data)


KINDS: dict[str, Callable[[CorrectionForm], Correction]] = {
    "disqualify": lambda form: corrections.Disqualify(form.entry_id.data or 0, one_line(form.reason.data or "")),
    "reinstate": lambda form: corrections.Reinstate(form.entry_id.data or 0),
    "score": _score,
    "board-score": lambda form: corrections.CorrectScore(form.entry_id.data or 0, None),
    "team": lambda form: corrections.AssignTeam(form.entry_id.data or 0, one_line(form.team_id.data or "")),
    "off": lambda form: corrections.KeepOff(form.entry_id.data or 0),
    "rules": lambda form: corrections.MatchByRules(form.entry_id.data or 0),
    "match": lambda form: corrections.MatchAgain(),
    "board": lambda form: corrections.ApplyBoard(form.board_id.data or 0, bool(form.is_confirmed.data)),
    "end": _end,
    "out": lambda form: corrections.SetRated(False),
    "in": lambda form: corrections.SetRated(True),
}
