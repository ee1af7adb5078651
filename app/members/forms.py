"""The forms of accounts. What may be entered is decided in rules.py; a form only shows it beside the field."""

from collections.abc import Callable
from typing import Any

from flask import request
from wtforms import BooleanField, EmailField, Form, PasswordField, StringField, ValidationError
from wtforms.fields import Field

from app.core.forms import Refusable
from app.core.refusal import Refused
from app.members import rules


class Rule:
    """A validator that asks a rule and shows its refusal; `is_required` and `most` also reach the browser."""

    def __init__(self, rule: Callable[[str], object], *, is_required: bool = True, most: int) -> None:
        self.rule = rule
        self.field_flags = {"maxlength": most, **({"required": True} if is_required else {})}

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            self.rule(field.data)
        except Refused as refused:
            raise ValidationError(str(refused)) from refused


def entered(text: str) -> None:
    """A rule for fields that are only compared with what is stored."""
    if not text or len(text) > rules.EMAIL_LENGTH:
        raise Refused("", "Fill this in.")


def _text(value: Any) -> str:
    return value or ""


def _field(kind: type[Field], label: str, rule: Rule, autocomplete: str, **attributes: Any) -> Field:
    return kind(label, [rule], filters=[_text], render_kw={"autocomplete": autocomplete, **attributes})


def _current_password(label: str = "Current password") -> Field:
    return _field(PasswordField, label, Rule(entered, most=rules.PASSWORD_MOST), "current-password")


def _new_password(label: str) -> Field:
    rule = Rule(rules.check_password, most=rules.PASSWORD_MOST)
    return _field(PasswordField, label, rule, "new-password", minlength=rules.PASSWORD_LEAST)


def _name(kind: type[Field], label: str, rule: Callable[[str], object], most: int, autocomplete: str) -> Field:
    return _field(kind, label, Rule(rule, most=most), autocomplete, spellcheck="false", autocapitalize="none")


def _display_name() -> Field:
    rule = Rule(rules.clean_display_name, most=rules.DISPLAY_NAME_LENGTH)
    return _field(StringField, "Display name", rule, "name")


def _kaggle_username() -> Field:
    # Room for a pasted profile address.
    rule = Rule(rules.clean_kaggle_username, is_required=False, most=200)
    return _field(StringField, "Kaggle username", rule, "off", spellcheck="false", autocapitalize="none")


class AccountForm(Refusable, Form):
    """What the request sends, as text; the token against forged requests is checked for all forms at once."""

    def __init__(self, **defaults: Any) -> None:
        super().__init__(request.form if request.method == "POST" else None, **defaults)

    def is_sent(self) -> bool:
        """Whether it was sent and keeps the rules."""
        return request.method == "POST" and bool(self.validate())


class RegisterForm(AccountForm):
    username = _name(StringField, "Username", rules.clean_username, rules.USERNAME_LENGTH, "username")
    display_name = _display_name()
    email = _name(EmailField, "E-mail", rules.clean_email, rules.EMAIL_LENGTH, "email")
    password = _new_password("Password")
    kaggle_username = _kaggle_username()


class LoginForm(AccountForm):
    login = _name(StringField, "Username or e-mail", entered, rules.EMAIL_LENGTH, "username")
    password = _current_password("Password")
    remember = BooleanField("Keep me logged in on this device")


class ProfileForm(AccountForm):
    display_name = _display_name()
    kaggle_username = _kaggle_username()


class EmailForm(AccountForm):
    email = _name(EmailField, "New e-mail", rules.clean_email, rules.EMAIL_LENGTH, "email")
    current_password = _current_password()


class PasswordForm(AccountForm):
    password = _new_password("New password")
    current_password = _current_password()


class DeleteForm(AccountForm):
    password = _current_password("Your password")


class ResetForm(AccountForm):
    password = _new_password("New password")


class KaggleUsernameForm(AccountForm):
    username = _name(StringField, "Member’s username", entered, rules.USERNAME_LENGTH, "off")
    kaggle_username = _kaggle_username()
