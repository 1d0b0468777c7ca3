"""Proposals and their results in plain words, for pages and mails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import format_percent, gettext, ngettext

from clearing.period import month_of
from cowopass.voting.models import Proposal
from cowopass.web.formats import day, money, month_name, unit_name


class Change(NamedTuple):
    """A field that would change: what it is, and what it would be."""

    what: str
    value: str


def title_of(proposal: Proposal, names: Mapping[str, str]) -> str:
    """Say in a line what a proposal would do; `names` are those of networks and spaces."""
    details = proposal.details
    name = names.get(proposal.space or "", details.get("name") or proposal.space or "")
    on = day(proposal.effective_on)
    match proposal.kind:
        case "rule" if details["home"] == details["host"]:
            text = gettext(
                "Changer la règle dès %(month)s",
                month=month_name(month_of(proposal.effective_on)),
            )
        case "rule":
            text = gettext(
                "Changer la règle des pass de %(home)s reçus à %(host)s, dès %(month)s",
                home=names.get(details["home"], details["home"]),
                host=names.get(details["host"], details["host"]),
                month=month_name(month_of(proposal.effective_on)),
            )
        case "join":
            text = gettext("Accueillir %(space)s à partir du %(day)s", space=name, day=on)
        case "leave":
            text = gettext("Départ de %(space)s après le %(day)s", space=name, day=on)
        case "suspend":
            text = gettext("Suspendre %(space)s à partir du %(day)s", space=name, day=on)
        case "reinstate":
            text = gettext("Reprendre les pass de %(space)s dès le %(day)s", space=name, day=on)
        case _:
            text = gettext("Changer notre façon de voter à partir du %(day)s", day=on)
    return str(text)


def changes_of(proposal: Proposal, currency: str) -> list[Change]:
    """Return what would change, field by field, in words."""
    details = proposal.details
    match proposal.kind:
        case "rule":
            return list(_rule_changes(details["changes"], currency))
        case "charter":
            return [*_charter_changes(details)]
        case "leave":
            return [Change(gettext("Les pass déjà vendus"), sold_days_words(details["sold_days"]))]
        case "suspend":
            text = gettext("Ses pass ne marchent plus que chez lui. Ses créances restent dues.")
            return [Change(gettext("Pour ce lieu"), text)]
    return []


def sold_days_words(sold_days: str) -> str:
    """Say what becomes of the passes of a space that leaves."""
    words = {
        "honoured": gettext("restent acceptés partout jusqu’à leur terme, à ses frais"),
        "bought_back": gettext("ne valent plus ailleurs ; il les rachète un par un"),
        "refunded": gettext("s’arrêtent à son départ ; ce qui reste est remboursé"),
    }
    return str(words[sold_days])


def state_words(state: str) -> str:
    """Say how far a proposal is."""
    words = {
        "open": gettext("vote ouvert"),
        "passed": gettext("adoptée"),
        "failed": gettext("rejetée"),
        "withdrawn": gettext("retirée"),
    }
    return str(words[state])


def choice_words(choice: str) -> str:
    """Say what somebody voted."""
    words = {
        "for": gettext("pour"),
        "against": gettext("contre"),
        "abstain": gettext("abstention"),
    }
    return str(words[choice])


def result_words(proposal: Proposal, names: Mapping[str, str]) -> list[str]:
    """Say how each network voted, and what a proposal failed by."""
    result = proposal.result or {}
    counts = result.get("networks", {})
    sentences = [
        gettext(
            "%(network)s : %(pro)s pour, %(contra)s contre, %(abstain)s abstentions, sur "
            "%(spaces)s lieux.",
            network=names.get(slug, slug),
            pro=count["for"],
            contra=count["against"],
            abstain=count["abstain"],
            spaces=count["spaces"],
        )
        for slug, count in counts.items()
    ]
    reasons = {
        "quorum": gettext("Trop peu de lieux ont voté."),
        "majority": gettext("Il n’y a pas eu assez de voix pour."),
        "obstacle": gettext("Adoptée, mais impossible à appliquer :"),
    }
    why = result.get("failed_by")
    if why:
        obstacle = f" {result['obstacle']}" if result.get("obstacle") else ""
        sentences.append(f"{reasons[why]}{obstacle}")
    return [str(sentence) for sentence in sentences]


def charter_words(terms: Mapping[str, int]) -> list[Change]:
    """Say how a network votes."""
    return list(_charter_changes(terms))


def share(share_bps: int) -> str:
    """Write basis points as a share, in the language that is spoken: `66,66 %`."""
    return str(format_percent(Decimal(share_bps) / 10_000, "#,##0.##\xa0%"))


def days(number: int) -> str:
    """Count days."""
    return str(ngettext("%(num)d jour", "%(num)d jours", number))


def _charter_changes(terms: Mapping[str, int]) -> Iterator[Change]:
    for name in ("quorum_bps", "majority_bps"):
        yield Change(field_words(name), share(terms[name]))
    for name in ("voting_days", "notice_days"):
        yield Change(field_words(name), days(terms[name]))


def _rule_changes(changes: Mapping[str, Any], currency: str) -> Iterator[Change]:
    for name, value in changes.items():
        yield Change(field_words(name), value_words(name, value, currency))


def field_words(name: str) -> str:
    """Say what a field of an agreement or a charter is."""
    words = {
        "rule": gettext("Ce que doit le lieu qui a vendu le pass"),
        "top_up": gettext("Complément payé à l’accueil"),
        "golden_share_bps": gettext("Part du tarif pour un ticket d’or"),
        "levy_bps": gettext("Cotisation à la caisse"),
        "roaming_days_per_month": gettext("Jours ailleurs par mois"),
        "liability_cap_bps": gettext("Plafond par pass au mois"),
        "max_host_price_cents": gettext("Tarif d’accueil compté au plus"),
        "offline_paper_per_day": gettext("Billets papier hors ligne par jour"),
        "late_days": gettext("Délai pour les passages en retard"),
        "review_days": gettext("Temps de relecture"),
        "netting": gettext("Compensation"),
        "convention_signed_on": gettext("Convention signée le"),
        "carry_forward_below_cents": gettext("Reporté au mois suivant en dessous de"),
        "quorum_bps": gettext("Lieux qui doivent voter, au moins"),
        "majority_bps": gettext("Voix pour, au moins"),
        "voting_days": gettext("Le vote reste ouvert"),
        "notice_days": gettext("Préavis avant l’effet"),
    }
    return str(words[name])


def value_words(name: str, value: Any, currency: str) -> str:  # noqa: ANN401 (any field's value)
    """Say what a field of an agreement would be."""
    if name == "rule":
        return _rule_words(value, currency)
    if value is None:
        return str(gettext("aucun"))
    if isinstance(value, bool):
        return str(gettext("oui") if value else gettext("non"))
    if name.endswith("_bps"):
        return share(value)
    if name.endswith("_cents"):
        return money(value, currency)
    if name == "netting":
        return str(gettext("à deux") if value == "bilateral" else gettext("tous ensemble"))
    return days(value) if name.endswith("_days") else str(value)


def _rule_words(rule: Mapping[str, Any], currency: str) -> str:
    if rule["kind"] == "flat":
        amounts = rule["amounts_cents"]
        listed = (
            f"{unit_name(unit).lower()} {money(cents, currency)}" for unit, cents in amounts.items()
        )
        return str(gettext("la même somme partout : %(amounts)s", amounts=", ".join(listed)))
    text = gettext(
        "ce que le pass a rapporté, plus %(share)s de l’écart avec le tarif d’accueil",
        share=share(rule["share_bps"]),
    )
    if rule.get("cap_at_host_price"):
        text += gettext(", jamais plus que ce tarif")
    return str(text)
