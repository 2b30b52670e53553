"""``flask person``: passwords of people."""

import sys
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from auditapp.cli.options import language
from auditapp.domain.errors import InvalidError, NotFoundError
from auditapp.extensions import unit_of_work
from auditapp.services.accounts import set_password

group = AppGroup("person", help="People and how they sign in.")


@group.command("password")
@click.argument("login")
@language
def password(login: str, lang: str) -> None:
    """Set the password of LOGIN, typed twice, or the first line of standard input."""
    if sys.stdin.isatty():
        typed = click.prompt(
            "密码 / password", hide_input=True, confirmation_prompt=True
        )
    else:
        typed = sys.stdin.readline().rstrip("\r\n")
    try:
        with unit_of_work() as session:
            set_password(session, login, typed, datetime.now(UTC))
    except InvalidError as error:
        raise click.ClickException(error.problems[0].text.in_language(lang)) from error
    except NotFoundError as error:
        message = f"Nobody has the login {login!r}. 没有这个登录名。"
        raise click.ClickException(message) from error
