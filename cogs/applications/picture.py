"""Which bands the picture of a member's applications has."""

from bot.face.flows import End, Flow, Way, flow
from bot.face.words import N_, _, ngettext

from .model import STAGES, STATUSES, Path, Stats, Status

SHORT: dict[Status, str] = {Status.ASSESSMENT: N_("Test")}
"""Where the name of a status is too long for a column."""

ENDS: dict[Status | None, tuple[str, str]] = {
    Status.ACCEPTED: (N_("accepted"), "#2bb38a"),
    Status.DECLINED: (N_("declined"), "#f0e442"),
    None: (N_("under way"), "#56b4e9"),
    Status.WITHDRAWN: (N_("withdrawn"), "#e0a3c8"),
    Status.REJECTED: (N_("rejected"), "#e0702c"),
    Status.NO_REPLY: (N_("no reply"), "#8a8f99"),
}
"""From top to bottom; colours that people who see fewer of them can still tell apart."""


def flow_of(stats: Stats) -> str:
    """Draw where the sent applications went."""
    order = list(ENDS)
    ways = [_way(path, count, order) for path, count in stats.paths.items()]
    saved = ngettext("and {n} saved", "and {n} saved", stats.saved).format(n=stats.saved)
    return flow(
        Flow(
            title=_("Your applications"),
            aside=saved if stats.saved else "",
            stages=[_(SHORT.get(stage, STATUSES[stage])) for stage in STAGES],
            ends=[End(_(label), colour) for label, colour in ENDS.values()],
            ways=ways,
            invitation=_("Your first application can start here."),
        )
    )


def _way(path: Path, count: int, order: list[Status | None]) -> Way:
    return Way(tuple(STAGES.index(stage) for stage in path.stages), order.index(path.end), count)
