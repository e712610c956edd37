"""Everything an operator may set, checked once at the start, with secrets kept out of sight."""

import os
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import CannotStart

ROOT: Final = Path(__file__).resolve().parent.parent
"""The checkout (or the image's folder) that holds `bot/`, `cogs/` and `data/`."""

STATE: Final = ROOT / "data" / "state"
"""Where the database and its key lie unless the operator says otherwise."""

ENV_FILE: Final = ROOT / ".env"
"""Where `stint init` writes the settings and every command reads them."""

PREFIX: Final = "STINT_"

Words = Annotated[tuple[str, ...], NoDecode]
Numbers = Annotated[tuple[int, ...], NoDecode]


class Settings(BaseSettings):
    """What the operator chose for this installation."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    token: SecretStr | None = Field(
        default=None,
        description="The bot's token from Discord's developer portal. `stint init` asks for it.",
    )
    database_url: str = Field(
        default="sqlite+aiosqlite:///data/state/stint.db",
        description="Where everything is kept. A SQLite file on a local disk.",
    )
    key_file: Path = Field(
        default=Path("data/state/stint.key"),
        description="The key to private texts. Made at the first start, never part of a backup: "
        "keep a copy elsewhere.",
    )
    discord_api_base: AnyHttpUrl = Field(
        default=AnyHttpUrl("https://discord.com/api/v10"),
        description="Where Discord's REST API is reached, for those who use a proxy. The "
        "gateway's address is asked there too.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="How log lines look: text for people, json for machines."
    )
    health_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="A port for /healthz and /metrics, on this machine only. Off when empty.",
    )
    packs: Path | None = Field(
        default=None,
        description="A folder with content packs of your own; a pack of the same name replaces "
        "ours.",
    )
    members_intent: bool = Field(
        default=False,
        description="Whether the bot hears who joins and leaves the server. Switch it on in the "
        "developer portal as well.",
    )
    feed_private_hosts: Words = Field(
        default=(),
        description="Hosts inside your network that opportunity feeds may be read from, "
        "separated by commas.",
    )
    feed_rows: int = Field(
        default=50_000,
        ge=100,
        le=200_000,
        description="How many rows a list of opportunities may have, as a feed or as a file.",
    )
    shard_ids: Numbers = Field(
        default=(),
        description="Which shards this process runs, separated by commas. All when empty.",
    )
    shard_count: int | None = Field(
        default=None,
        ge=1,
        description="How many shards there are in all. Needed by very large bots only.",
    )

    @field_validator("feed_private_hosts", "shard_ids", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        """Read "a, b" as two things."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("token", mode="after")
    @classmethod
    def _trim(cls, value: SecretStr | None) -> SecretStr | None:
        """Forgive the blank or the word "Bot" that copying a token likes to bring along."""
        if value is None:
            return None
        text = value.get_secret_value().strip().removeprefix("Bot ").strip()
        return SecretStr(text) if text else None

    @field_validator("database_url", mode="after")
    @classmethod
    def _settle_database(cls, value: str) -> str:
        """Make the address whole: with its driver, and from the checkout if it is relative."""
        scheme, separator, path = value.partition(":///")
        if not separator or scheme not in {"sqlite", "sqlite+aiosqlite"} or not path:
            raise ValueError("should be a SQLite file, like sqlite:///data/state/stint.db")
        file, question, options = path.partition("?")
        return f"sqlite+aiosqlite:///{ROOT / Path(file).expanduser()}{question}{options}"

    @field_validator("key_file", "packs", mode="after")
    @classmethod
    def _settle_path(cls, value: Path | None) -> Path | None:
        """Take a relative path from the checkout, wherever the command was typed."""
        return ROOT / value.expanduser() if value is not None else None

    @model_validator(mode="after")
    def _shards_fit(self) -> Self:
        """Shards make sense only together with their number."""
        if self.shard_ids and self.shard_count is None:
            raise ValueError("STINT_SHARD_IDS needs STINT_SHARD_COUNT")
        if self.shard_count is not None and any(
            not 0 <= shard < self.shard_count for shard in self.shard_ids
        ):
            raise ValueError("STINT_SHARD_IDS must lie between 0 and STINT_SHARD_COUNT - 1")
        return self

    @property
    def database_file(self) -> Path:
        """The file behind `database_url`."""
        return Path(self.database_url.partition(":///")[2].partition("?")[0])

    @property
    def api_base(self) -> str:
        """The REST address as Discord's client wants it, without a slash at the end."""
        return str(self.discord_api_base).rstrip("/")

    def need_token(self) -> str:
        """Return the token, or say where to get one."""
        if self.token is None:
            raise CannotStart(
                "There is no token yet. Run `stint init`, or set STINT_TOKEN in the environment "
                f"or in {ENV_FILE}."
            )
        return self.token.get_secret_value()


def load(**chosen: Any) -> Settings:
    """Read the settings, or say in one line which of them to mend."""
    try:
        return Settings(**chosen)
    except ValidationError as error:
        raise CannotStart("; ".join(_mistake(dict(e)) for e in error.errors())) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart(f"{ENV_FILE} cannot be read: {_plain(error)}.") from None


def unknown_names() -> list[str]:
    """Return names that look like ours and mean nothing: most likely typing mistakes."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    found = {name.upper() for name in os.environ if name.upper().startswith(PREFIX)}
    if ENV_FILE.is_file():
        lines = ENV_FILE.read_text("utf-8", "replace").splitlines()
        names = (line.removeprefix("export ").partition("=")[0].strip().upper() for line in lines)
        found |= {name for name in names if name.startswith(PREFIX)}
    return sorted(found - known)


def env_example() -> str:
    """Return `.env.example`: every setting with what it means and what it is without you."""
    blocks = [
        "# Every setting of Stint. Copy this file to .env and fill in what you need, or run\n"
        "# `stint init`, which does it for you. Made from bot/config.py by `make docs`."
    ]
    for name, field in Settings.model_fields.items():
        blocks.append(f"# {field.description}\n{_example(PREFIX + name.upper(), field.default)}")
    return "\n\n".join(blocks) + "\n"


def _example(name: str, default: object) -> str:
    """Show a default as a line that is switched off, and a blank as one to fill in."""
    if default is None or default == ():
        return f"# {name}=" if name != "STINT_TOKEN" else f"{name}="
    return f"# {name}={str(default).lower() if isinstance(default, bool) else default}"


def _mistake(error: dict[str, Any]) -> str:
    """Name the setting and what is wrong with it, never what stands in it."""
    message = str(error["msg"]).removeprefix("Value error, ")
    where = "_".join(str(part) for part in error["loc"][:1]).upper()
    return f"{PREFIX}{where}: {message[:1].lower()}{message[1:]}" if where else message


def _plain(error: Exception) -> str:
    """Say what the system said, without the path it repeats."""
    return (getattr(error, "strerror", None) or "it is not UTF-8 text").lower()
