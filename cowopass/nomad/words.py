"""How the wallet names units and plans, in the language of the request."""

from __future__ import annotations

from typing import cast

from flask_babel import gettext, ngettext

from clearing.line import Unit
from cowopass.passes.models import Plan
from cowopass.passes.paper import tells_units


def counted(count: int, unit: Unit) -> str:
    """Name so many units, with their number: `7 journées`, `1 demi-journée`."""
    return f"{count} {units(count, unit)}"


def units(count: int, unit: Unit) -> str:
    """Name units in the number that goes with a count: `journées`, `demi-journée`."""
    names = {
        "day": ngettext("journée", "journées", count),
        "half_day": ngettext("demi-journée", "demi-journées", count),
        "hour": ngettext("heure", "heures", count),
    }
    return str(names[unit])


def plan_line(plan: Plan) -> str:
    """Say what was bought, as on paper: `Voyageur, 11 journées`."""
    if tells_units(plan):
        return plan.name
    if plan.units is None:
        return str(gettext("%(plan)s, sans limite", plan=plan.name))
    units_of_plan = counted(plan.units, cast(Unit, plan.unit))
    if plan.kind == "quota":
        return str(gettext("%(plan)s, %(units)s par mois", plan=plan.name, units=units_of_plan))
    return f"{plan.name}, {units_of_plan}"


def script_words() -> dict[str, str]:
    """Return what the wallet's own script says; `{…}` are filled in there."""
    return {
        "liveLabel": gettext("Code QR de votre pass, renouvelé toutes les 20 secondes"),
        "next": gettext("encore {seconds} s"),
        "seen": gettext("vu à {hour}"),
        "seenBefore": gettext("vu le {day} à {hour}"),
        "offlineLive": gettext("Votre code marche, montrez-le."),
        "offlinePaper": gettext("Montrez ce code imprimé, ou votre billet papier."),
        "replaced": gettext(
            "Votre pass est maintenant dans un autre téléphone. Ce n’est pas vous ? "
            "Prévenez votre lieu."
        ),
        "noStorage": gettext(
            "Ce navigateur ne garde rien (navigation privée, ou mémoire pleine) : pas de code "
            "vivant ici. Ouvrez votre lien dans un autre navigateur, ou montrez le billet papier."
        ),
        "noCrypto": gettext(
            "Il faut une adresse en https pour le code vivant. Montrez le billet papier."
        ),
        "clock": gettext(
            "L’heure de ce téléphone est décalée. Votre code en tient compte, mais réglez-la."
        ),
        "sentTo": gettext("envoyé à {address}"),
        "noAddress": gettext("Demandez un code à l’accueil de votre lieu, puis tapez-le ici."),
        "noNetwork": gettext("Pas de réseau. Réessayez quand il revient."),
        "failed": gettext("Cela n’a pas marché. Réessayez dans un instant."),
        "confirm": gettext("Valider le code"),
    }
