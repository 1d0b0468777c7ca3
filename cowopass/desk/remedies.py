"""What a host can do about each refusal, in French and English.

The sentence of a refusal, which is read to the visitor, is in `cowopass.problems`.
"""

from __future__ import annotations

_SHOW_ANOTHER = (
    "Demandez le billet d’origine, ou tapez le code court imprimé dessous.",
    "Ask for the original ticket, or type the short code printed below it.",
)
_SCAN_AGAIN = (
    "Scannez de nouveau en pleine lumière, ou tapez le code court imprimé dessous.",
    "Scan again in good light, or type the short code printed below it.",
)
_ASK_HOME = (
    "Appelez le lieu qui a vendu ce pass : il peut donner un nouveau billet.",
    "Call the space that sold this pass: it can give a new ticket.",
)
_OPEN_PASS = (
    "Demandez d’ouvrir le pass sur le téléphone, puis scannez le code qui bouge.",
    "Ask to open the pass on the phone, then scan the code that moves.",
)
_SELL = (
    "Vous pouvez vendre un pass, ou accueillir à votre tarif.",
    "You can sell a pass, or welcome at your own price.",
)
_OVERRIDE = (
    "Vous pouvez accepter quand même, en donnant la raison, ou indiquer un lieu voisin.",
    "You can let in all the same, giving the reason, or point to a space nearby.",
)

REMEDIES: dict[str, tuple[str, str]] = {
    "not_a_ticket": _SHOW_ANOTHER,
    "token_too_large": _SHOW_ANOTHER,
    "malformed": _SCAN_AGAIN,
    "code_invalid": (
        "Relisez le code : huit lettres et chiffres, comme 9KC5-R2YV.",
        "Read the code again: eight letters and figures, such as 9KC5-R2YV.",
    ),
    "alg_not_allowed": _SHOW_ANOTHER,
    "typ_not_allowed": _SHOW_ANOTHER,
    "issuer_unknown": _SELL,
    "key_unknown": _ASK_HOME,
    "key_compromised": _ASK_HOME,
    "issuer_key_mismatch": _ASK_HOME,
    "bad_signature": _SHOW_ANOTHER,
    "claims_invalid": _ASK_HOME,
    "clock_rewound": (
        "Réglez l’heure de cet appareil, puis scannez de nouveau.",
        "Set the time of this device, then scan again.",
    ),
    "bundle_stale": (
        "Connectez cet appareil au réseau un instant, puis scannez de nouveau.",
        "Connect this device to the network for a moment, then scan again.",
    ),
    "holder_proof_missing": _OPEN_PASS,
    "holder_proof_invalid": _OPEN_PASS,
    "holder_proof_stale": _OPEN_PASS,
    "holder_proof_wrong_space": _OPEN_PASS,
    "holder_proof_replayed": _OPEN_PASS,
    "online_required": (
        "Connectez cet appareil au réseau, puis scannez de nouveau.",
        "Connect this device to the network, then scan again.",
    ),
    "offline_limit": (
        "Connectez cet appareil au réseau, puis scannez de nouveau.",
        "Connect this device to the network, then scan again.",
    ),
    "pass_unknown": _ASK_HOME,
    "space_unknown": (
        "Le trésorier du réseau peut dire depuis quand ce lieu en fait partie.",
        "The network's treasurer can tell since when this space takes part.",
    ),
    "in_future": (
        "Réglez l’heure de cet appareil, puis recommencez.",
        "Set the time of this device, then try again.",
    ),
    "too_old": (
        "Réglez un passage si ancien directement avec le lieu d’origine.",
        "Settle a visit so long ago with the home directly.",
    ),
    "revoked": _ASK_HOME,
    "suspended": (
        "La personne voit cela avec son lieu, qui peut rouvrir le pass aussitôt.",
        "The holder sees to it with her home, which can resume the pass at once.",
    ),
    "not_yet_valid": _SELL,
    "expired": _SELL,
    "wrong_network": _SELL,
    "roaming_not_included": _SELL,
    "roaming_cap_reached": _SELL,
    "unit_not_covered": (
        "Proposez une durée plus courte, ou vendez un autre pass.",
        "Offer a shorter visit, or sell another pass.",
    ),
    "no_units_left": _SELL,
    "no_price": (
        "Publiez un tarif d’accueil : il vaut dès demain.",
        "Publish a price for visitors: it holds from tomorrow.",
    ),
    "space_closed": _OVERRIDE,
    "space_full": _OVERRIDE,
    "visitors_full": _OVERRIDE,
}


def remedy(code: str, language: str) -> str:
    """Return what a host can do about a refusal, in a language (`fr` or `en`)."""
    french, english = REMEDIES[code]
    return french if language == "fr" else english
