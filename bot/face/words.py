"""Every sentence people read, in the language they set in Discord, or in English."""

import gettext as catalogues
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

LOCALE_DIR = Path(__file__).resolve().parents[2] / "locale"
DOMAIN = "stint"

_spoken: ContextVar[str] = ContextVar("spoken", default="en-US")


@contextmanager
def speaking(locale: str) -> Generator[None]:
    """Within this block people are answered in their Discord locale ("de", "pt-BR")."""
    token = _spoken.set(locale)
    try:
        yield
    finally:
        _spoken.reset(token)


def set_spoken(locale: str) -> None:
    """Answer in this locale for the rest of the current task."""
    _spoken.set(locale)


def speak_to_all(locales: Iterable[str]) -> None:
    """Answer several people at once: in the language all of them have set, or in English."""
    languages = {locale.partition("-")[0] for locale in locales}
    set_spoken(languages.pop() if len(languages) == 1 else "en-US")


def spoken() -> str:
    """The Discord locale that answers are written in right now."""
    return _spoken.get()


def _(text: str) -> str:
    """The text in the language of the person being answered."""
    # The empty text is gettext's key for a catalogue's header, which nobody should read.
    return _catalogue(_spoken.get()).gettext(text) if text else text


def ngettext(one: str, many: str, n: int) -> str:
    """The wording that fits this number; fill it in with `.format(n=n)`."""
    return _catalogue(_spoken.get()).ngettext(one, many, n)


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Marks a constant for translation; give it to `_` when it is shown."""
    return text


def languages() -> list[str]:
    """The Discord locales that have a catalogue of their own, English first."""
    found = LOCALE_DIR.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return ["en-US", *sorted(path.parts[-3].replace("_", "-") for path in found)]


@lru_cache(maxsize=64)
def _catalogue(locale: str) -> catalogues.NullTranslations:
    language, _dash, region = locale.partition("-")
    if language == "en":
        return catalogues.NullTranslations()
    wanted = [f"{language}_{region}", language] if region else [language]
    return catalogues.translation(DOMAIN, LOCALE_DIR, wanted, fallback=True)
