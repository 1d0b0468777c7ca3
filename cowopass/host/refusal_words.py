"""What the desk's screen says of a refusal: its title, and what the host can do now.

The sentence to read aloud is `cowopass.problems`'. Nothing here shows a code or asks for knowledge.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

Lead = Literal["retry", "shorter", "golden", "renew", "pass", "sell", "price", "enter"]
"""A button that leads on, where it applies: ask again with the network, count the unit that is
covered, use a golden ticket of the pass, renew it or show its page at its home, sell, publish a
price, sign in."""


class Told(NamedTuple):
    """A title of a few words, steps of one gesture each, and buttons, the likeliest first.

    `again`: the same person may be scanned anew; otherwise the next one is.
    """

    title: LazyString
    steps: tuple[LazyString, ...] = ()
    leads: tuple[Lead, ...] = ()
    again: bool = True


_AGAIN = _("Scannez encore.")
_FALSE, _CLOCK, _NO_PASS = _("Faux billet"), _("Heure déréglée"), _("Pas un pass")


def _no_pass(title: LazyString) -> Told:
    steps = (
        _("Demandez le code du pass : sur son téléphone, ou sur son billet papier."),
        _("Scannez ce code-là."),
    )
    return Told(title, steps, ("sell",))


def _open_pass(title: LazyString) -> Told:
    steps = (
        _("Demandez d’ouvrir le pass sur son téléphone : le code doit bouger."),
        _AGAIN,
        _("Téléphone éteint ? Son lieu peut donner un billet papier."),
    )
    return Told(title, steps)


def _ask_home(title: LazyString) -> Told:
    steps = (
        _("Ne vous fiez pas à ce billet."),
        _("Appelez le lieu qui l’a vendu : il peut en donner un autre."),
    )
    return Told(title, steps, ("retry", "sell"))


def _set_clock(title: LazyString) -> Told:
    return Told(title, (_("Réglez la date et l’heure de cet appareil, en automatique."), _AGAIN))


def _find_network(title: LazyString) -> Told:
    steps = (_("Rapprochez cet appareil du wifi, ou allumez ses données mobiles."),)
    return Told(title, steps, ("retry",))


def _over(title: LazyString, *leads: Lead) -> Told:
    """Tell of a pass that opens nothing more here: what helps is another one."""
    return Told(title, (), (*leads, "sell"), again=False)


REFUSALS: Final[dict[str, Told]] = {
    "not_a_ticket": _no_pass(_NO_PASS),
    "token_too_large": _no_pass(_NO_PASS),
    "typ_not_allowed": _no_pass(_NO_PASS),
    "malformed": Told(
        _("Code coupé"),
        (
            _("Approchez le code, en pleine lumière, bien à plat."),
            _AGAIN,
            _("Sinon, tapez le code court imprimé dessous."),
        ),
    ),
    "code_invalid": Told(
        _("Code mal recopié"),
        (
            _("Relisez les huit lettres et chiffres, comme 9KC5-R2YV."),
            _("Tapez-les encore : ni zéro, ni O, ni i dans un code."),
        ),
    ),
    "alg_not_allowed": _ask_home(_FALSE),
    "issuer_key_mismatch": _ask_home(_FALSE),
    "bad_signature": _ask_home(_FALSE),
    "claims_invalid": _ask_home(_FALSE),
    "key_unknown": _ask_home(_("Signature inconnue")),
    "key_compromised": _ask_home(_("Signature volée")),
    "pass_unknown": _ask_home(_("Pass inconnu")),
    "clock_rewound": _set_clock(_CLOCK),
    "in_future": _set_clock(_CLOCK),
    "bundle_stale": Told(
        _("Liste trop vieille"),
        (
            _("Cet appareil est resté trop longtemps sans réseau."),
            _("Connectez-le un instant : il se met à jour tout seul."),
        ),
        ("retry",),
    ),
    "holder_proof_missing": _open_pass(_("Code sans vie")),
    "holder_proof_invalid": _open_pass(_("Code sans vie")),
    "holder_proof_stale": _open_pass(_("Code trop vieux")),
    "holder_proof_wrong_space": _open_pass(_("Code d’un autre lieu")),
    "holder_proof_replayed": Told(
        _("Code déjà servi"), (_("Attendez quelques secondes : le code va changer."), _AGAIN)
    ),
    "online_required": _find_network(_("Réseau nécessaire")),
    "offline_limit": _find_network(_("Trop de billets papier")),
    "space_unknown": Told(
        _("Lieu hors du réseau"), (_("Demandez à la trésorière ou au trésorier du réseau."),)
    ),
    "too_old": Told(
        _("Trop ancien"), (_("Réglez ce passage directement avec le lieu qui a vendu le pass."),)
    ),
    "revoked": Told(
        _("Billet remplacé"),
        (
            _("Demandez le dernier billet reçu : téléphone, message ou papier."),
            _("Scannez celui-là."),
            _("Sinon, appelez le lieu qui a vendu le pass."),
        ),
        ("retry", "pass", "sell"),
    ),
    "suspended": Told(
        _("Pass suspendu"),
        (_("La personne appelle son lieu, qui peut le rouvrir tout de suite."), _AGAIN),
        ("retry", "pass", "sell"),
    ),
    "not_yet_valid": _over(_("Pas encore commencé"), "pass"),
    "expired": _over(_("Pass terminé"), "renew", "pass"),
    "issuer_unknown": _over(_("Billet d’ailleurs")),
    "wrong_network": _over(_("Réseau sans accord"), "retry"),
    "roaming_not_included": _over(_("Pas de passage ailleurs"), "retry"),
    "roaming_cap_reached": _over(_("Jours ailleurs épuisés")),
    "unit_not_covered": _over(_("Visite trop longue"), "shorter", "golden"),
    "no_units_left": _over(_("Pass vide"), "golden", "pass"),
    "ticket_used": _over(_("Ticket d’or déjà utilisé"), "retry"),
    "no_price": Told(
        _("Pas de tarif"),
        (
            _("Votre lieu n’a pas de tarif d’accueil pour cette durée."),
            _("Publiez-en un dans « Notre lieu » : il vaut dès demain."),
        ),
        ("price",),
        again=False,
    ),
    "space_closed": Told(_("Lieu fermé")),
    "space_full": Told(_("Lieu complet")),
    "visitors_full": Told(_("Visiteurs au complet")),
    "storage_full": Told(
        _("Mémoire pleine"),
        (
            _("Libérez de la place sur cet appareil : photos, vidéos."),
            _("Si des passages attendent, enregistrez-les dans un fichier depuis la file."),
        ),
        ("retry",),
    ),
    "token_required": Told(
        _("Appareil non relié"),
        (_("Demandez à une personne du lieu de relier cet appareil, ou connectez-vous."),),
        ("enter",),
    ),
    "role_forbidden": Told(
        _("Appareil d’un autre lieu"),
        (_("Reliez cet appareil à votre lieu, ou connectez-vous."),),
        ("enter",),
    ),
    "rate_limited": Told(_("Trop de scans d’un coup"), (_("Attendez une minute."), _AGAIN)),
    "unexpected": Told(
        _("Le service n’a pas compris"),
        (_AGAIN, _("Si cela dure, notez l’heure et prévenez qui s’occupe du service.")),
    ),
}
"""By the codes of docs/reference/problems.md; the last ones are of this screen."""

OWN_SENTENCES: Final[dict[str, LazyString]] = {
    "storage_full": _("Je ne peux rien noter : cet appareil n’a plus de place."),
    "unexpected": _("Un instant, cela ne marche pas."),
    "not_a_ticket": _("Ce code n’est pas un pass. Vous l’avez sur votre téléphone ?"),
    "space_full": _("Nous sommes au complet. Je regarde si on peut se serrer."),
    "space_closed": _("Nous sommes fermés à cette heure. Je regarde."),
    "visitors_full": _("Nous avons nos visiteurs du jour. Je regarde si on peut se serrer."),
}
"""What is said instead of the problem's sentence, or where no problem has this code."""
