"""Settings come from the environment and .env; mistakes are named without what they hold."""

from pathlib import Path

import pytest

from bot import config
from bot.config import ROOT, Settings, load, unknown_names
from bot.errors import MISCONFIGURED, CannotStart

SECRET = "MTA5-this-is.secret.token"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine on which nobody has set anything yet."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"STINT_{name.upper()}", raising=False)
    monkeypatch.setattr(config, "ENV_FILE", tmp_path / ".env")
    return tmp_path / ".env"


def read(env_file: Path | None = None) -> Settings:
    return load(_env_file=env_file)


def test_without_any_setting_the_state_lies_in_the_checkout() -> None:
    settings = read()

    assert settings.database_file == ROOT / "data" / "state" / "stint.db"
    assert settings.key_file == ROOT / "data" / "state" / "stint.key"
    assert settings.api_base == "https://discord.com/api/v10"
    assert settings.token is None
    assert not settings.members_intent


def test_a_relative_path_means_the_same_wherever_the_command_is_typed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STINT_DATABASE_URL", "sqlite:///data/state/mine.db")
    monkeypatch.chdir(tmp_path)

    assert read().database_file == ROOT / "data" / "state" / "mine.db"


def test_an_absolute_path_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STINT_DATABASE_URL", "sqlite+aiosqlite:////srv/stint/a.db")

    assert read().database_file == Path("/srv/stint/a.db")
    assert read().database_url == "sqlite+aiosqlite:////srv/stint/a.db"


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, no_settings: Path
) -> None:
    no_settings.write_text("STINT_LOG_FORMAT=json\nSTINT_HEALTH_PORT=8080\n")
    monkeypatch.setenv("STINT_HEALTH_PORT", "9090")

    settings = read(no_settings)

    assert settings.log_format == "json"
    assert settings.health_port == 9090


def test_a_setting_left_blank_is_not_set(no_settings: Path) -> None:
    no_settings.write_text("STINT_HEALTH_PORT=\nSTINT_TOKEN=\nSTINT_PACKS=\n")

    settings = read(no_settings)

    assert (settings.health_port, settings.token, settings.packs) == (None, None, None)


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STINT_SHARD_IDS", "0, 2")
    monkeypatch.setenv("STINT_SHARD_COUNT", "4")
    monkeypatch.setenv("STINT_FEED_PRIVATE_HOSTS", "jobs.intern, feeds.intern")

    settings = read()

    assert settings.shard_ids == (0, 2)
    assert settings.feed_private_hosts == ("jobs.intern", "feeds.intern")


@pytest.mark.parametrize("typed", [f"Bot {SECRET}", f"  {SECRET}\n", SECRET])
def test_a_token_may_be_copied_carelessly(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setenv("STINT_TOKEN", typed)

    assert read().need_token() == SECRET


def test_a_missing_token_says_where_to_get_one() -> None:
    with pytest.raises(CannotStart, match="stint init") as told:
        read().need_token()

    assert told.value.exit_code == MISCONFIGURED


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HEALTH_PORT", "eighty", "STINT_HEALTH_PORT"),
        ("HEALTH_PORT", "70000", "STINT_HEALTH_PORT"),
        ("LOG_FORMAT", "xml", "STINT_LOG_FORMAT"),
        ("DATABASE_URL", "postgresql://stint:pa55word@db/stint", "STINT_DATABASE_URL"),
        ("DATABASE_URL", "stint.db", "STINT_DATABASE_URL"),
        ("DISCORD_API_BASE", "proxy", "STINT_DISCORD_API_BASE"),
        ("SHARD_IDS", "1", "STINT_SHARD_COUNT"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(f"STINT_{name}", value)

    with pytest.raises(CannotStart) as told:
        read()

    assert says in str(told.value)
    assert "\n" not in str(told.value)
    assert "pa55word" not in str(told.value)


def test_every_mistake_is_told_at_once_and_no_secret_with_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STINT_TOKEN", SECRET)
    monkeypatch.setenv("STINT_HEALTH_PORT", "eighty")
    monkeypatch.setenv("STINT_LOG_FORMAT", "xml")

    with pytest.raises(CannotStart) as told:
        read()

    assert "STINT_HEALTH_PORT" in str(told.value)
    assert "STINT_LOG_FORMAT" in str(told.value)
    assert SECRET not in str(told.value)


def test_settings_do_not_show_the_token_when_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STINT_TOKEN", SECRET)

    assert SECRET not in repr(read())


def test_a_typing_mistake_in_a_name_is_found(
    monkeypatch: pytest.MonkeyPatch, no_settings: Path
) -> None:
    no_settings.write_text("# STINT_COMMENT=1\nSTINT_TOKNE=x\nSTINT_TOKEN=y\n")
    monkeypatch.setenv("STINT_HEALTHPORT", "80")

    assert unknown_names() == ["STINT_HEALTHPORT", "STINT_TOKNE"]


def test_a_file_that_is_not_text_is_told_in_one_line(no_settings: Path) -> None:
    no_settings.write_bytes(b"STINT_TOKEN=\xff\xfe\x00")

    with pytest.raises(CannotStart, match="cannot be read"):
        read(no_settings)
