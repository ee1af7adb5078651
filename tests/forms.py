"""The forms that a page shows, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient


@dataclass
class Form:
    """Where it goes, and the value of each field by name; "" where the page leaves it empty."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _FormParser(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.forms = [Form(address, "none")]  # for fields outside every form; dropped at the end
        self._address = address
        self._name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        fields = self.forms[-1].fields
        if tag == "form":
            self.forms.append(Form(given.get("action") or self._address, given.get("method", "get")))
        elif tag in ("textarea", "select"):
            self._name = given.get("name", "")
        elif tag == "option" and ("selected" in given or self._name not in fields):
            fields[self._name] = given.get("value", "")
        elif tag in ("input", "button") and given.get("name"):
            is_off = given.get("type") == "checkbox" and "checked" not in given
            fields.setdefault(given["name"], "" if is_off else given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.forms.append(Form(self._address, "none"))

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea" and self._name:
            self.forms[-1].fields[self._name] = data.strip()
            self._name = ""


def forms_of(page: str, address: str) -> list[Form]:
    """Every form of the page at `address`, without its CSRF token."""
    parser = _FormParser(address)
    parser.feed(page)
    for form in parser.forms:
        form.fields.pop("csrf_token", None)
    return [form for form in parser.forms if form.method != "none"]


def form_at(client: FlaskClient, address: str, field: str) -> dict[str, str]:
    """What the form at `address` that has this field would send as it stands."""
    (form,) = [form for form in forms_of(client.get(address).text, address) if field in form.fields]
    return form.fields
