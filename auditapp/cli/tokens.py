"""``flask token``: access tokens for programs."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from auditapp.domain.errors import NotFoundError
from auditapp.extensions import unit_of_work
from auditapp.reads.people import get_person_id
from auditapp.services.accounts import create_token

group = AppGroup("token", help="Access tokens for programs.")


@group.command("create")
@click.argument("login")
@click.option("--name", default="command line", show_default=True)
def create(login: str, name: str) -> None:
    """Print a new token of the person LOGIN, and nothing else."""
    try:
        with unit_of_work() as session:
            person_id = get_person_id(session, login)
            token = create_token(session, person_id, name, datetime.now(UTC))
    except NotFoundError:
        message = f"Nobody has the login {login!r}. 没有这个登录名。"
        raise click.ClickException(message) from None
    click.echo(token)
