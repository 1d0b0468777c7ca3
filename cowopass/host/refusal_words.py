"""What the desk's screen says of a refusal: its title, and what the host can do now, in steps.

The sentence to read aloud is `cowopass.problems`'. Nothing here shows a code or asks for knowledge.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


class Told(NamedTuple):
    """A title of a few words, and steps of one gesture each."""

    title: LazyString
    steps: tuple[LazyString, ...]


_OTHER_CODE = (
    _("Demandez le code du pass : sur son téléphone, ou sur son billet papier."),
    _("Scannez ce code-là."),
    _("Pas de pass ? Vendez une journée, à votre tarif."),
)
_BETTER_LIGHT = (
    _("Approchez le code, en pleine lumière, bien à plat."),
    _("Scannez encore."),
    _("Sinon, tapez le code court imprimé dessous."),
)
_OPEN_PASS = (
    _("Demandez d’ouvrir le pass sur son téléphone : le code doit bouger."),
    _("Scannez encore."),
    _("Téléphone éteint ? Son lieu peut donner un billet papier."),
)
_ASK_HOME = (
    _("Ne vous fiez pas à ce billet."),
    _("Appelez le lieu qui l’a vendu : il peut en donner un autre."),
    _("Vous pouvez aussi vendre une journée, à votre tarif."),
)
_SELL = (
    _("Vendez une journée, à votre tarif."),
    _("Ou proposez une formule de votre lieu."),
)
_FIND_NETWORK = (
    _("Rapprochez cet appareil du wifi, ou allumez ses données mobiles."),
    _("Scannez encore."),
)
_SET_CLOCK = (
    _("Réglez la date et l’heure de cet appareil, en automatique."),
    _("Scannez encore."),
)
_MAKE_ROOM = (
    _("Libérez de la place sur cet appareil : photos, vidéos."),
    _("Si des passages attendent, enregistrez-les dans un fichier depuis la file."),
    _("Scannez encore."),
)
_FALSE = _("Faux billet")

REFUSALS: Final[dict[str, Told]] = {
    "not_a_ticket": Told(_("Pas un pass"), _OTHER_CODE),
    "token_too_large": Told(_("Pas un pass"), _OTHER_CODE),
    "malformed": Told(_("Code coupé"), _BETTER_LIGHT),
    "code_invalid": Told(
        _("Code mal recopié"),
        (
            _("Relisez les huit lettres et chiffres, comme 9KC5-R2YV."),
            _("Tapez-les encore : ni zéro, ni O, ni i dans un code."),
        ),
    ),
    "alg_not_allowed": Told(_FALSE, _ASK_HOME),
    "typ_not_allowed": Told(_("Pas un pass"), _OTHER_CODE),
    "issuer_unknown": Told(_("Billet d’ailleurs"), _SELL),
    "key_unknown": Told(_("Signature inconnue"), _ASK_HOME),
    "key_compromised": Told(_("Signature volée"), _ASK_HOME),
    "issuer_key_mismatch": Told(_FALSE, _ASK_HOME),
    "bad_signature": Told(_FALSE, _ASK_HOME),
    "claims_invalid": Told(_FALSE, _ASK_HOME),
    "clock_rewound": Told(_("Heure déréglée"), _SET_CLOCK),
    "bundle_stale": Told(
        _("Liste trop vieille"),
        (
            _("Cet appareil est resté trop longtemps sans réseau."),
            _("Connectez-le un instant : il se met à jour tout seul."),
            _("Scannez encore."),
        ),
    ),
    "holder_proof_missing": Told(_("Code sans vie"), _OPEN_PASS),
    "holder_proof_invalid": Told(_("Code sans vie"), _OPEN_PASS),
    "holder_proof_stale": Told(_("Code trop vieux"), _OPEN_PASS),
    "holder_proof_wrong_space": Told(_("Code d’un autre lieu"), _OPEN_PASS),
    "holder_proof_replayed": Told(
        _("Code déjà servi"),
        (_("Attendez quelques secondes : le code va changer."), _("Scannez encore.")),
    ),
    "online_required": Told(_("Réseau nécessaire"), _FIND_NETWORK),
    "offline_limit": Told(_("Trop de billets papier"), _FIND_NETWORK),
    "pass_unknown": Told(_("Pass inconnu"), _ASK_HOME),
    "space_unknown": Told(
        _("Lieu hors du réseau"), (_("Demandez à la trésorière ou au trésorier du réseau."),)
    ),
    "in_future": Told(_("Heure déréglée"), _SET_CLOCK),
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
    ),
    "suspended": Told(
        _("Pass suspendu"),
        (
            _("La personne appelle son lieu, qui peut le rouvrir tout de suite."),
            _("Puis scannez encore."),
            _("Ou vendez une journée, à votre tarif."),
        ),
    ),
    "not_yet_valid": Told(_("Pas encore commencé"), _SELL),
    "expired": Told(_("Pass terminé"), _SELL),
    "wrong_network": Told(_("Réseau sans accord"), _SELL),
    "roaming_not_included": Told(_("Pas de passage ailleurs"), _SELL),
    "roaming_cap_reached": Told(_("Jours ailleurs épuisés"), _SELL),
    "unit_not_covered": Told(
        _("Visite trop longue"),
        (
            _("Choisissez une durée plus courte, puis scannez encore."),
            _("Ou vendez une journée, à votre tarif."),
        ),
    ),
    "no_units_left": Told(_("Pass vide"), _SELL),
    "ticket_used": Told(_("Ticket d’or déjà utilisé"), _SELL),
    "no_price": Told(
        _("Pas de tarif"),
        (
            _("Votre lieu n’a pas de tarif d’accueil pour cette durée."),
            _("Publiez-en un dans « Notre lieu » : il vaut dès demain."),
        ),
    ),
    "space_closed": Told(_("Lieu fermé"), ()),
    "space_full": Told(_("Lieu complet"), ()),
    "visitors_full": Told(_("Visiteurs au complet"), ()),
    "storage_full": Told(_("Mémoire pleine"), _MAKE_ROOM),
    "token_required": Told(
        _("Appareil non relié"),
        (
            _("Demandez à une personne du lieu de relier cet appareil."),
            _("Ou connectez-vous, puis revenez au scanner."),
        ),
    ),
    "role_forbidden": Told(
        _("Appareil d’un autre lieu"),
        (_("Reliez cet appareil à votre lieu, ou connectez-vous."),),
    ),
    "rate_limited": Told(
        _("Trop de scans d’un coup"), (_("Attendez une minute."), _("Scannez encore."))
    ),
    "unexpected": Told(
        _("Le service n’a pas compris"),
        (
            _("Scannez encore."),
            _("Si cela dure, notez l’heure et prévenez qui s’occupe du service."),
        ),
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
