"""Quiet hours: what would disturb someone at night waits until their morning."""

from datetime import date, datetime, time, timedelta

from bot.clockwork.recurrence import to_utc
from bot.clockwork.zones import zone_info

DAY = timedelta(days=1)


def wait(moment: datetime, zone: str, quiet_from: time, quiet_to: time) -> datetime:
    """Return the moment itself, or the end of the quiet hours that it falls into.

    Where both times are the same there are no quiet hours.
    """
    local = moment.astimezone(zone_info(zone))
    wall, on = local.time(), local.date()
    if quiet_from <= quiet_to:
        asleep = quiet_from <= wall < quiet_to
    else:
        asleep = wall >= quiet_from or wall < quiet_to
        on += DAY if wall >= quiet_from else timedelta()
    return max(moment, to_utc(on, quiet_to, zone)) if asleep else moment


def monday(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())
