"""The page that verifies statements in the browser, where the files stay. Open to anyone."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext

blueprint = Blueprint("verify", __name__)


@blueprint.get("/verify")
def show() -> str:
    """Show where to drop statements, and what they prove and do not prove."""
    return render_template("directory/verify.html", words=words())


def words() -> dict[str, dict[str, str]]:
    """Return what the page says of findings, by their codes; what a file says is put in `{}`."""
    return {
        "verdicts": {
            "holds": gettext("Tout est juste."),
            "compare": gettext("Le fichier est d’accord avec lui-même. Reste à comparer sa clé."),
            "draft": gettext(
                "Provisoire : le mois n’est pas verrouillé, rien n’est encore prouvé."
            ),
            "broken": gettext("Quelque chose ne tient pas."),
            "unreadable": gettext("Ce fichier n’est pas un relevé."),
        },
        "findings": _findings(),
        "sources": _sources(),
        "chain": _chain(),
        "kinds": _kinds(),
        "unreadable": _unreadable(),
    }


def _findings() -> dict[str, str]:
    return {
        "leaf_hash_differs": gettext("Cette ligne n’est plus celle qui a été écrite ce jour-là."),
        "line_misplaced": gettext("Cette ligne est d’un autre mois ou d’un autre réseau."),
        "line_to_itself": gettext("Sur cette ligne, un lieu se doit de l’argent à lui-même."),
        "carry_undated": gettext("Ce report ne dit pas de quel mois il vient."),
        "line_of_others": gettext("Cette ligne ne concerne pas ce lieu."),
        "id_repeated": gettext("Cette ligne est là deux fois."),
        "index_repeated": gettext("Deux lignes prétendent à la même place dans le mois."),
        "not_included": gettext("Cette ligne n’est pas dans le mois que le réseau a signé."),
        "sum_differs": gettext("Le relevé dit {said}, ses lignes donnent {given}."),
        "position_differs": gettext(
            "Le réseau a signé {said}, les lignes donnent {given} : une de trop, ou de moins."
        ),
        "transfer_unknown": gettext("Ce virement n’est pas de ce mois, ou pas entre ces deux-là."),
        "transfer_unsigned": gettext(
            "Le réseau n’a pas signé ce virement : ne le faites pas ainsi."
        ),
        "transfer_missing": gettext("Il manque un virement que le réseau a signé."),
        "transfers_differ": gettext(
            "Le solde est de {said}, les virements et reports font {given}."
        ),
        "bad_signature": gettext("La signature n’est pas celle du réseau."),
        "alg_not_allowed": gettext("La signature n’est pas d’une sorte que l’on accepte."),
        "typ_not_allowed": gettext("Ce qui est signé n’est pas un mois."),
        "key_unknown": gettext("La clé qui a signé n’est pas parmi celles du réseau."),
        "head_differs": gettext("La signature est celle d’un autre mois ou d’un autre réseau."),
        "head_too_early": gettext("Le mois est signé alors qu’il n’est pas verrouillé."),
        "head_missing": gettext("Le mois est dit verrouillé, mais personne ne l’a signé."),
    }


def _sources() -> dict[str, str]:
    return {
        "given": gettext("Signé par la clé {key}, qui est parmi celles que vous avez données."),
        "published": gettext("Signé par la clé {key}, que ce site publie pour le réseau."),
        "embedded": gettext(
            "Signé par la clé {key}, qui vient du fichier : n’importe qui a pu l’y mettre. "
            "Comparez-la avec celles que publie {issuer}, ou déposez ici le fichier de ces clés."
        ),
    }


def _chain() -> dict[str, str]:
    return {
        "holds": gettext("Ces mois se suivent : chacun porte l’empreinte de celui d’avant."),
        "month_rewritten": gettext(
            "{where} : deux relevés de ce mois n’ont pas la même signature. Le mois a été réécrit, "
            "ou on l’a montré de deux façons."
        ),
        "chain_broken": gettext(
            "{where} : ce mois ne porte pas l’empreinte de {before}. L’un des deux a été réécrit."
        ),
        "chain_gap": gettext(
            "{where} : il manque {before}, rien ne relie donc ce mois au passé. Le relevé de "
            "n’importe quel lieu fera l’affaire."
        ),
    }


def _kinds() -> dict[str, str]:
    return {
        "charge": gettext("Visite"),
        "reversal": gettext("Reprise"),
        "withheld": gettext("Mise de côté"),
        "released": gettext("Remise"),
        "carried": gettext("Report"),
        "write_off": gettext("Abandon"),
    }


def _unreadable() -> dict[str, str]:
    return {
        "nothing": gettext("On n’y trouve pas de relevé : choisissez le fichier PDF ou JSON reçu."),
        "field": gettext("Le champ {path} manque ou n’a pas la forme attendue."),
        "month": gettext(
            "C’est un mois entier. Pour le refaire en entier : python -m clearing mois.json"
        ),
        "keys": gettext("Clés lues : {count}. Elles serviront pour les relevés déposés."),
    }
