"""Private text at rest: whoever opens the database file without the key reads nothing."""

import hashlib
import hmac
import os
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from bot.errors import CannotStart

STEP = 512
"""Bytes between the lengths that undated text can have."""
FILLER = "\0"


class Keyring:
    """The keys of one installation: the first line of the key file seals, every line opens.

    To change the key, put a new line on top; what was sealed before stays readable.
    """

    def __init__(self, keys: list[str]) -> None:
        from cryptography.fernet import Fernet, MultiFernet

        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._marking = hashlib.sha256(keys[-1].encode()).digest()

    @classmethod
    def open(cls, path: Path, *, create: bool) -> "Keyring":
        """Read the key file; make one (mode 0600) where `create` allows it.

        Raises CannotStart when the file is missing or holds no usable key.
        """
        if create and not path.exists():
            make_key_file(path)
        try:
            keys = path.read_text("ascii").split()
            return cls(keys)
        except FileNotFoundError as error:
            raise CannotStart(
                f"The key file {path} is missing, so private text cannot be read. "
                "Put it back from where you keep it, or restore both from your backups.",
                exit_code=78,
            ) from error
        except (ValueError, OSError) as error:
            raise CannotStart(
                f"The key file {path} cannot be used. Put the right one back.", exit_code=78
            ) from error

    def seal(self, text: str) -> str:
        """Return the text so that only this installation can read it."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def seal_undated(self, text: str) -> str:
        """Return the text sealed; unlike `seal`, the token does not tell the second it was made."""
        return self._fernet.encrypt_at_time(text.encode(), 0).decode("ascii")

    def mark(self, text: str) -> str:
        """Return a mark that is the same for the same text and leads back to nothing.

        It is made with the oldest key, so that a new key on top leaves marks as they are.
        """
        return hmac.new(self._marking, text.encode(), "sha256").hexdigest()

    def unseal(self, token: str) -> str:
        """Return what was sealed. Raises CannotStart when the key is another one."""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.decrypt(token).decode()
        except InvalidToken as error:
            raise CannotStart(
                "The key file does not belong to this database.", exit_code=78
            ) from error


def make_key_file(path: Path) -> None:
    """Write a fresh key that only the owner of the process can read."""
    from cryptography.fernet import Fernet

    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
        file.flush()
        os.fsync(file.fileno())


_ring: Keyring | None = None


def use(ring: Keyring) -> None:
    """Seal and open every `Sealed` column of this process with these keys."""
    global _ring
    _ring = ring


def ring() -> Keyring:
    """Return the keys in use. Raises CannotStart before any were given."""
    if _ring is None:
        raise CannotStart("No key is loaded yet.", exit_code=78)
    return _ring


class Sealed(TypeDecorator[str]):
    """Text that somebody wrote for few eyes; encrypted in the file, plain in Python.

    An empty text has nothing to hide and stays empty.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal on the way in."""
        return ring().seal(value) if value else value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Open on the way out."""
        return ring().unseal(value) if value else value


class Undated(Sealed):
    """Sealed text that does not tell when it was written, nor how long it is to some hundreds."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal on the way in, filled up to the next step in length."""
        if value is None:
            return None
        missing = -len(value.encode()) % STEP
        return ring().seal_undated(value + FILLER * missing)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Open on the way out, without what filled it up."""
        return None if value is None else ring().unseal(value).rstrip(FILLER)
