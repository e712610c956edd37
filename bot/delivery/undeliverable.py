"""Why a letter reached nobody, in words for a moderator."""

from bot.face.words import N_, _

WORDS = {
    50007: N_("their direct messages are closed"),
    50278: N_("they share no server with me any more"),
    10013: N_("their account is gone"),
    10007: N_("they are not in the server any more"),
    10003: N_("the channel is gone"),
    10004: N_("the server is gone"),
    50001: N_("I may not see the channel"),
    50013: N_("I may not write in the channel"),
    160006: N_("this server has as many open threads as Discord allows"),
    160005: N_("the thread is locked"),
    50083: N_("the thread is archived"),
    200000: N_("this server's AutoMod stopped it"),
    240000: N_("Discord's filter stopped it"),
}


def plain(code: int | None, note: str) -> str:
    """Return the reason as a person would say it."""
    if code in WORDS:
        return _(WORDS[code])
    return _(note) if note else _("Discord did not take it")
