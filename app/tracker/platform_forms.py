"""Forms of the administrator's pages of platforms."""

from wtforms import PasswordField
from wtforms.validators import InputRequired, Length, Optional

from app.core.forms import TextForm
from app.tracker.settings import LONGEST_SECRET, NeedCard


class NeedsForm(TextForm):
    """What a platform needs to be told, but for what the environment tells; left empty, what is kept stays."""

    needs: tuple[NeedCard, ...] = ()

    def typed(self) -> dict[str, str]:
        """What was typed in, by the name of the need."""
        told = {need.name: (self[need.name].data or "").strip() for need in self.needs}
        return {name: value for name, value in told.items() if value}


def needs_form(needs: list[NeedCard]) -> NeedsForm:
    """The form, with a field for each need that a person can give."""
    open_needs = tuple(need for need in needs if not need.is_from_environment)
    form: NeedsForm = type("OpenNeedsForm", (NeedsForm,), {need.name: _field(need) for need in open_needs})()
    form.needs = open_needs
    return form


def _field(need: NeedCard) -> PasswordField:
    is_missing = need.is_required and not need.is_kept
    first = InputRequired("It does not work without.") if is_missing else Optional()
    return PasswordField(need.label[:1].upper() + need.label[1:], [first, Length(max=LONGEST_SECRET)])
