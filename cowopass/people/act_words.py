"""The acts of the log, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from cowopass.web.formats import month_name


def act_in_words(act: Mapping[str, Any]) -> str:
    """Say what was done; an act that has no sentence yet keeps its name."""
    sentences = {**_at_a_desk(), **_in_a_network(), **_of_people()}
    if act["act"].startswith("period_"):
        sentences |= _on_a_month(month_name(act["subject"]))
    if act["details"].get("role") == "treasurer":
        sentences |= _in_a_treasury()
    return sentences.get(act["act"], str(act["act"]))


def _at_a_desk() -> dict[str, str]:
    return {
        "pass_sold": gettext("Pass vendu"),
        "pass_renewed": gettext("Pass renouvelé"),
        "pass_followed": gettext("Pass renouvelé par un autre"),
        "pass_suspended": gettext("Pass suspendu"),
        "pass_resumed": gettext("Pass repris"),
        "pass_revoked": gettext("Pass annulé"),
        "pass_refunded": gettext("Pass remboursé"),
        "pass_link_replaced": gettext("Lien du pass remplacé"),
        "pass_reissued": gettext("Billet refait"),
        "pass_ticket_revoked": gettext("Billet annulé"),
        "pass_phone_bound": gettext("Pass mis sur un téléphone"),
        "pass_golden_handed_over": gettext("Ticket d’or donné"),
        "holder_told": gettext("Données envoyées à la personne"),
        "holder_erased": gettext("Données de la personne effacées"),
        "visit_let_in": gettext("Passage accepté malgré la limite"),
        "visit_voided": gettext("Passage annulé"),
        "visit_extended": gettext("Demi-journée passée en journée"),
        "dispute_opened": gettext("Contestation ouverte"),
        "dispute_upheld": gettext("Contestation acceptée"),
        "dispute_refused": gettext("Contestation refusée"),
        "dispute_accepted": gettext("Contestation acceptée par l’autre lieu"),
        "dispute_withdrawn": gettext("Contestation retirée"),
        "dispute_consented": gettext("Trésorerie acceptée comme juge d’une contestation"),
        "price_saved": gettext("Tarif noté"),
        "price_withdrawn": gettext("Tarif retiré"),
        "plan_saved": gettext("Formule mise en vente"),
        "plan_taken_off_sale": gettext("Formule plus en vente"),
    }


def _of_people() -> dict[str, str]:
    return {
        "person_invited": gettext("Personne invitée au comptoir"),
        "person_removed": gettext("Personne retirée du comptoir"),
        "passkey_added": gettext("Clé d’accès d’une personne ajoutée"),
        "passkey_removed": gettext("Clé d’accès d’une personne enlevée"),
        "device_paired": gettext("Appareil relié"),
        "token_made": gettext("Clé d’accès aux données faite"),
        "token_cut_off": gettext("Appareil ou clé coupé"),
    }


def _in_a_network() -> dict[str, str]:
    return {
        "payment_recorded": gettext("Paiement noté"),
        "bounce_recorded": gettext("Paiement revenu : rejeté par la banque"),
        "bank_file_imported": gettext("Relevé de banque importé"),
        "bank_entry_ignored": gettext("Ligne de banque mise de côté"),
        "payments_reminded": gettext("Paiements rappelés"),
        "reminder_days_saved": gettext("Jours de rappel notés"),
        "write_off_recorded": gettext("Dette abandonnée"),
        "statements_sent": gettext("Relevés envoyés"),
        "statement_reminded": gettext("Lieu relancé pour son relevé"),
        "agreement_saved": gettext("Accord noté, sans vote"),
        "membership_saved": gettext("Dates d’un lieu dans le réseau notées, sans vote"),
        "legal_saved": gettext("Identité légale, TVA, mandat ou compte bancaire changés"),
        "iban_changed": gettext("IBAN changé"),
        **_in_a_vote(),
        "key_rotated": gettext("Clé de signature changée"),
        "key_compromised": gettext("Clé de signature déclarée volée"),
    }


def _in_a_vote() -> dict[str, str]:
    return {
        "proposal_opened": gettext("Vote ouvert"),
        "proposal_withdrawn": gettext("Proposition retirée"),
        "proposal_passed": gettext("Proposition adoptée"),
        "proposal_failed": gettext("Proposition rejetée"),
        "vote_cast": gettext("Voix donnée"),
        "agreement_voted": gettext("Accord changé par un vote"),
        "charter_saved": gettext("Façon de voter notée, sans vote"),
        "charter_voted": gettext("Façon de voter changée par un vote"),
        "space_joins": gettext("Lieu accueilli par un vote"),
        "space_leaves": gettext("Départ d’un lieu voté"),
        "space_suspended": gettext("Lieu suspendu par un vote"),
        "space_reinstated": gettext("Lieu repris par un vote"),
    }


def _on_a_month(month: str) -> dict[str, str]:
    return {
        "period_reviewed": gettext("Mois mis en relecture : %(month)s", month=month),
        "period_locked": gettext("Mois verrouillé : %(month)s", month=month),
        "period_purged": gettext("Noms effacés des passages : %(month)s", month=month),
        "period_invoiced": gettext("Mois facturé : %(month)s", month=month),
    }


def _in_a_treasury() -> dict[str, str]:
    return {
        "person_invited": gettext("Personne invitée à la trésorerie"),
        "person_removed": gettext("Personne retirée de la trésorerie"),
    }


def actor_in_words(actor: Mapping[str, Any]) -> str:
    """Say who did it, by name where she is still known."""
    kinds = {
        "person": gettext("une personne qui n’est plus là"),
        "token": gettext("un logiciel"),
        "device": gettext("un appareil du comptoir"),
        "command": gettext("l’administration du service"),
    }
    return str(actor["name"] or kinds.get(actor["kind"], gettext("le porteur du pass")))
