"""`flask members ...`: what an administrator does at the terminal."""

import sys

import click
from flask.cli import AppGroup

from app.core.refusal import Refused
from app.members import administration
from app.members.models import ROLES

members = AppGroup("members", help="Accounts of the club.")
password_option = click.option(
    "--password-stdin",
    "is_piped",
    is_flag=True,
    help="Read the password from standard input instead of asking.",
)


@members.command("create")
@click.argument("username")
@click.option("--email", required=True)
@click.option("--kaggle-username")
@click.option("--display-name", help="What others see; the username, unless given.")
@click.option("--role", type=click.Choice(ROLES), default="member", show_default=True)
@password_option
def create(
    username: str,
    email: str,
    kaggle_username: str | None,
    display_name: str | None,
    role: str,
    is_piped: bool,
) -> None:
    """Make an account."""
    password = _read_password(is_piped)
    try:
        member = administration.create_member(
            username=username,
            display_name=display_name or username,
            email=email,
            password=password,
            kaggle_username=kaggle_username,
            role=role,
        )
    except Refused as refused:
        raise _refusal(refused) from refused
    click.echo(f"created id={member.id} username={member.username} role={member.role}")


@members.command("set-password")
@click.argument("username")
@password_option
def set_password(username: str, is_piped: bool) -> None:
    """Give a member a new password; their sessions end."""
    password = _read_password(is_piped)
    try:
        member = administration.set_password(username, password)
    except Refused as refused:
        raise _refusal(refused) from refused
    click.echo(f"changed id={member.id} username={member.username}")


def _read_password(is_piped: bool) -> str:
    if is_piped:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _refusal(refused: Refused) -> click.ClickException:
    return click.ClickException(f"{refused.field.replace('_', ' ')}: {refused!s}")
