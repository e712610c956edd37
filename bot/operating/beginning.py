"""`stint init`: from a token to an invite link in a minute."""

import os
from pathlib import Path

from bot.config import Settings
from bot.operating.discord_door import TO_CREATE, invite_link, signed_in


async def introduce(settings: Settings) -> list[str]:
    """Try the token; return what the operator does next, line by line."""
    async with signed_in(settings) as client:
        assert client.user is not None
        assert client.application_id is not None
        return [
            f"Discord knows this token as {client.user}.",
            "",
            "Add the bot to your server with this link:",
            f"  {invite_link(client.application_id)}",
            "If it may also create channels and roles for you, use this one instead:",
            f"  {invite_link(client.application_id, *TO_CREATE)}",
            "",
            "Then start it: stint run",
        ]


def keep_token(env_file: Path, token: str) -> None:
    """Write the token into the settings file; only its owner may read it from then on."""
    lines = env_file.read_text("utf-8").splitlines() if env_file.exists() else []
    kept = [line for line in lines if not _sets_token(line)]
    part = env_file.with_name(f"{env_file.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join([*kept, f"STINT_TOKEN={token}"]) + "\n")
        part.replace(env_file)
    finally:
        part.unlink(missing_ok=True)


def _sets_token(line: str) -> bool:
    return line.strip().removeprefix("export ").upper().startswith("STINT_TOKEN=")
