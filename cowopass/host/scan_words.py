"""The words of the scanner, as its scripts take them: in the language of the request."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from cowopass.desk.words import UNIT_NAMES
from cowopass.host.refusal_words import OWN_SENTENCES, REFUSALS
from cowopass.language import spoken_language
from cowopass.problems import PROBLEMS, sentence


def scan_words() -> dict[str, Any]:
    """Return every word that the scanner's scripts say, in the language of the request."""
    return {
        "units": {
            unit: {"one": one, "many": many}
            for unit, (one, many) in UNIT_NAMES[spoken_language()].items()
        },
        "refusals": {code: _refusal(code) for code in REFUSALS},
        "stale": {
            "old": _("Ce code a été fait {when}. C’est peut-être une capture d’écran."),
            "ahead": _("Ce téléphone est en avance : mettez son heure en automatique."),
        },
        "camera": _camera_words(),
        "answer": _answer_words(),
        "facts": _fact_words(),
        "decide": _decide_words(),
        "leads": _lead_words(),
        "queue": _queue_words(),
    }


def _refusal(code: str) -> dict[str, Any]:
    own, told = OWN_SENTENCES.get(code), REFUSALS[code]
    known = code in PROBLEMS
    say = str(own) if own else sentence(code, language=spoken_language()) if known else ""
    return {
        "title": str(told.title),
        "say": say,
        "steps": [str(step) for step in told.steps],
        "leads": told.leads,
        "again": told.again,
    }


def _camera_words() -> dict[str, str]:
    return {
        "show": _("Montrez le code à la caméra"),
        "starting": _("La caméra s’allume…"),
        "checking": _("Un instant…"),
        "refused": _("La caméra est refusée. Autorisez-la dans les réglages, ou tapez le code."),
        "absent": _("Pas de caméra ici. Tapez le code, ou branchez un lecteur."),
        "busy": _("La caméra est prise par une autre application. Fermez-la, ou tapez le code."),
        "no_reader": _("Le lecteur de codes n’est pas chargé. Tapez le code, ou rechargez."),
        "free": _("{n} places libres sur {total}"),
        "free_one": _("{n} place libre sur {total}"),
        "full": _("Aucune place libre sur {total}"),
        "present": _("{n} personnes ici"),
        "present_one": _("{n} personne ici"),
        "visitors": _("{n} visiteurs sur {total}"),
        "visitors_one": _("{n} visiteur sur {total}"),
        "visitors_any": _("{n} visiteurs aujourd’hui"),
        "visitors_any_one": _("{n} visiteur aujourd’hui"),
    }


def _answer_words() -> dict[str, str]:
    return {
        "accepted": _("Accepté"),
        "reentry": _("Déjà passée aujourd’hui"),
        "refused": _("Refusé"),
        "decide": _("À vous de décider"),
        "welcome_back": _("Bon retour !"),
        "guest": _("Ticket d’or"),
        "pass": _("Pass {plan}"),
        "unknown_pass": _("Pass vérifié"),
        "undo": _("Annuler"),
        "todo": _("Que faire maintenant ?"),
        "quoted": _("« {say} »"),
        "seconds": _("{n} s"),
        "undone": _("C’est annulé : rien n’est compté."),
        "undone_later": _("C’est annulé : il le sera aussi pour les autres au retour du réseau."),
        "not_undone": _("Pas de réseau : annulez depuis « Passages » quand il revient."),
    }


def _fact_words() -> dict[str, str]:
    return {
        "left": _("Il lui reste"),
        "left_month": _("Il lui reste ce mois-ci"),
        "unlimited": _("sans limite"),
        "nothing": _("rien"),
        "earns": _("Votre lieu gagne"),
        "less_levy": _("{charge} moins {levy} de cotisation"),
        "own_pass": _("Pass de votre lieu"),
        "no_charge": _("rien à compenser"),
        "collect": _("À encaisser maintenant"),
        "overused": _("Passage de trop, réglé par son lieu"),
        "capped": _("Le plafond du mois réduit ce que verse son lieu"),
        "name_and_rest": _("Prénom et solde"),
        "later_why": _("absents du billet, connus au retour du réseau"),
        "later": _("plus tard"),
        "paid": _("Votre lieu est payé"),
        "list_of": _("liste de confiance du {when}"),
        "yes": _("oui"),
        "golden": _("Ticket d’or utilisé"),
        "one_day": _("bon une fois"),
        "seats": _("Places prises"),
        "visitors": _("Visiteurs du jour"),
        "of": _("{n} sur {total}"),
    }


def _decide_words() -> dict[str, str]:
    return {
        "good": _("{name}, {unit}\u00a0: le pass est bon"),
        "somebody": _("Cette personne"),
        "why_missing": _("Écrivez d’abord pourquoi, en quelques mots."),
        "count_whole": _("Compter {units}"),
        "whole_title": _("{unit} entière ?"),
        "whole_say": _("Votre pass compte en {plan_units}. Je compte {units} ?"),
        "capped_title": _("Plafond du mois"),
        "capped_say": _("Votre lieu a presque tout versé ce mois-ci. Je regarde."),
    }


def _lead_words() -> dict[str, str]:
    return {
        "retry": _("Réessayer avec le réseau"),
        "shorter": _("Compter {unit}"),
        "golden": _("Utiliser son ticket d’or"),
        "free": _("offert"),
        "renew": _("Renouveler ce pass"),
        "pass": _("Voir ce pass"),
        "price": _("Publier un tarif"),
        "enter": _("Se connecter"),
        "by_hand": _("Vendez une journée, à votre tarif."),
    }


def _queue_words() -> dict[str, str]:
    return {
        "slow": _("Réseau absent ou trop lent"),
        "empty": _("Rien n’attend : tout est envoyé."),
        "waits": _("Attend le réseau"),
        "look": _("{n} passages à regarder"),
        "look_one": _("{n} passage à regarder"),
        "refused": _("Refusé par le service : {title}"),
        "overused": _("Compté, au-delà du solde. Votre lieu est payé."),
        "at_zero": _("Compté, mais payé 0 : {why}"),
        "unreadable": _("Illisible pour le service : gardez le fichier et prévenez le réseau."),
        "undone": _("Annulé"),
        "offline_late": _("il est arrivé plus de sept jours après."),
        "offline_bundle_stale": _("la liste de cet appareil était trop vieille."),
        "offline_limit": _("trop de billets papier ce jour-là."),
    }
