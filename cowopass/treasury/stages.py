"""Where a month stands on its way from open to settled, and until when each stage lasts."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext, ngettext

from clearing.period import last_day
from cowopass.web.formats import local, short_day

ORDER = ("open", "collecting", "review", "locked", "settling", "settled")


class Stage(NamedTuple):
    """A knot of the line; `progress` is `done`, `now` or `later`."""

    name: str
    note: str
    progress: str


def stages_of(month: dict[str, Any], timezone: str) -> list[Stage]:
    """Return the six stages of a month as `show_month` tells of it, days in a time zone.

    A locked month with nothing to pay is settled at once: what it skipped counts as done.
    """
    reached = ORDER.index(month["state"])
    is_over = month["state"] == "settled"
    notes = _notes(month, timezone)
    return [
        Stage(
            stage_name(state),
            notes[state],
            "now" if place == reached and not is_over else "done" if place <= reached else "later",
        )
        for place, state in enumerate(ORDER)
    ]


def stage_name(state: str) -> str:
    """Name a state of a month."""
    names = {
        "open": gettext("Ouvert"),
        "collecting": gettext("Collecte"),
        "review": gettext("Relecture"),
        "locked": gettext("Verrouillé"),
        "settling": gettext("En paiement"),
        "settled": gettext("Soldé"),
    }
    return str(names[state])


def _notes(month: dict[str, Any], timezone: str) -> dict[str, str]:
    upcoming = month["next"] or {}
    locked_on = local(month["locked_at"], timezone).date() if month["locked_at"] else None
    transfers = len(month["transfers"])
    return {
        "open": _until(last_day(month["period"])),
        "collecting": _until(upcoming.get("late_until")),
        "review": _until(upcoming.get("review_until")),
        "locked": gettext("le %(day)s", day=short_day(locked_on)) if locked_on else "",
        "settling": ngettext("%(num)d virement", "%(num)d virements", transfers)
        if locked_on
        else "",
        "settled": "",
    }


def _until(day: date | None) -> str:
    return str(gettext("jusqu’au %(day)s", day=short_day(day))) if day else ""
