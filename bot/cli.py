"""The commands of whoever hosts the bot; where one cannot go on, it says why in one line."""

import asyncio
import gc
import logging
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import click

from bot import config, logs
from bot.errors import CannotStart
from bot.storage.trouble import in_words

BROKEN: Final = 70
"""Exit code for a fault of ours."""

Target = click.Path(path_type=Path, resolve_path=True)


class Door(click.Group):
    """The one place that tells an operator what went wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; end with one line and an exit code where it cannot go on."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            reason = in_words(error)
            if reason is None:
                number = logs.incident(f"stint {ctx.invoked_subcommand}", error)
                reason = CannotStart(f"something broke; see incident {number} in the log.", BROKEN)
            text = str(reason)
            click.echo(f"Stint cannot go on. {text[:1].upper()}{text[1:]}", err=True)
            ctx.exit(reason.exit_code)


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--env-file",
    type=Target,
    default=config.ENV_FILE,
    help="Read settings from this file instead of .env.",
)
@click.version_option(package_name="stint")
@click.pass_context
def main(ctx: click.Context, env_file: Path) -> None:
    """Stint, a mentor for intern communities on Discord."""
    ctx.obj = env_file
    os.umask(0o077)  # what a command writes is its owner's alone
    logs.configure(level=logging.WARNING)


@main.command()
@click.pass_obj
def init(env_file: Path) -> None:
    """Ask for the token, try it, and print the link that invites the bot."""
    from bot.operating.beginning import introduce, keep_token

    click.echo("Make an application at https://discord.com/developers/applications, open Bot,")
    click.echo("press Reset Token and copy it here. It is not shown, and stays on this machine.")
    token = click.prompt("Token", hide_input=True).strip()
    settings = config.load(_env_file=env_file, token=token)
    lines = asyncio.run(introduce(settings))
    keep_token(env_file, settings.need_token())
    click.echo(f"\nKept in {env_file}, which only you can read.")
    click.echo("\n".join(lines))


@main.command()
@click.pass_obj
def run(env_file: Path) -> None:
    """Run the bot on Discord until it is told to stop."""
    settings = config.load(_env_file=env_file)
    settings.need_token()
    gc.disable()  # a tenth of a start went into looking through what only just came and stays
    try:
        from bot.operating.running import run as go

        asyncio.run(go(settings))
    finally:
        gc.enable()


@main.command()
@click.option("--headless", is_flag=True, help="Live the weeks without a browser, and print them.")
@click.option("--weeks", type=click.IntRange(1, 52), default=12, show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8642, show_default=True)
@click.option("--open/--no-open", "open_browser", default=True, help="Open the page in a browser.")
@click.option(
    "--listings",
    type=click.Path(path_type=Path),
    help="Openings of your own: listings.json, a CSV table, RSS or Atom.",
)
def demo(headless: bool, weeks: int, port: int, open_browser: bool, listings: Path | None) -> None:
    """Try Stint on a simulated Discord, in the browser, without a token."""
    if find_spec("simcord") is None:
        raise CannotStart("the demo is not set up here yet. Run: make demo")
    from bot import demo as place

    place.begin(
        headless=headless, weeks=weeks, port=port, open_browser=open_browser, listings=listings
    )


@main.command()
@click.option("--alive", is_flag=True, help="Only ask whether the running bot is well.")
@click.pass_obj
def check(env_file: Path, alive: bool) -> None:
    """Say what is wrong with settings, database, packs, token or permissions."""
    settings = config.load(_env_file=env_file)
    if alive:
        from bot.operating.pulse import age_of

        click.echo(f"alive {age_of(settings):.0f} s ago")
        return
    if not asyncio.run(_print_findings(settings)):
        sys.exit(1)


async def _print_findings(settings: config.Settings) -> bool:
    from bot.operating.checks import Mark, look

    good = True
    async for finding in look(settings):
        click.echo(str(finding))
        good = good and finding.mark is not Mark.WRONG
    return good


@main.command()
@click.pass_obj
def migrate(env_file: Path) -> None:
    """Bring the database up to date, after a backup of it."""
    from bot.operating.rooms import made_ready

    asyncio.run(made_ready(config.load(_env_file=env_file)))
    click.echo("The database is up to date.")


@main.command()
@click.argument("path", type=Target)
@click.pass_obj
def backup(env_file: Path, path: Path) -> None:
    """Copy the database to PATH, also while the bot runs. The key is never part of it."""
    from bot.storage.backup import back_up

    settings = config.load(_env_file=env_file)
    made = back_up(settings.database_file, path)
    click.echo(f"Backed up to {made}. Private texts in it need the key: keep a copy of")
    click.echo(f"{settings.key_file} in another place.")


@main.command()
@click.argument("path", type=Target)
@click.pass_obj
def restore(env_file: Path, path: Path) -> None:
    """Put the backup at PATH in the database's place; the old one is kept beside it."""
    from bot.operating.putting_back import put_back

    aside = asyncio.run(put_back(config.load(_env_file=env_file), path))
    click.echo(f"Restored from {path}." + (f" The old one is {aside}." if aside else ""))


@main.command()
@click.argument("path", type=Target)
@click.option("--with-private", is_flag=True, help="Include what people wrote for few eyes.")
@click.pass_obj
def export(env_file: Path, path: Path, with_private: bool) -> None:
    """Write everything of this installation to PATH, a ZIP of JSON files."""
    from bot.operating.handing_out import export as hand_out

    count = asyncio.run(hand_out(config.load(_env_file=env_file), path, with_private=with_private))
    click.echo(f"{count} rows are in {path}, which only you can read.")


@main.command()
@click.argument("user_id", type=click.IntRange(1))
@click.option("--yes", is_flag=True, help="Do not ask again.")
@click.pass_obj
def erase(env_file: Path, user_id: int, yes: bool) -> None:
    """Forget the person with this Discord id, everywhere and for good."""
    from bot.operating.handing_out import erase as forget

    settings = config.load(_env_file=env_file)
    if not yes:
        click.confirm("This cannot be undone. Forget this person?", abort=True)
    known = asyncio.run(forget(settings, user_id))
    click.echo("Forgotten." if known else "Nothing was known of this person.")
    click.echo("Backups made before today still hold what they held; delete those that should not.")
