"""The one table that turns a code into an HTTP answer, RFC 9457 `application/problem+json`.

Sentences are plain enough to be read aloud. French comes first; English by `Accept-Language`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Response, json, request

from cowopass.language import spoken_language


class Problem(NamedTuple):
    """HTTP status and the sentence, in French and English. Braces name facts of the error."""

    status: int
    fr: str
    en: str


PROBLEMS: dict[str, Problem] = {
    # what the caller named
    "network_unknown": Problem(404, "Ce réseau n’existe pas ici.", "No such network here."),
    "holder_unknown": Problem(
        404,
        "Aucun porteur ici sous ce nom, ou ses données sont déjà effacées.",
        "No such holder here, or she was erased before.",
    ),
    "holder_ambiguous": Problem(
        409,
        "Plusieurs porteurs ont cette adresse : nommez-en un par son identifiant.",
        "Several holders have this address: name one by its id.",
    ),
    "pass_unknown": Problem(404, "Ce pass n’existe pas ici.", "No such pass here."),
    "plan_unknown": Problem(
        404, "Ce tiers-lieu ne vend pas cette formule.", "This space offers no such plan."
    ),
    "ticket_unknown": Problem(404, "Ce billet n’existe pas ici.", "No such ticket here."),
    "check_in_unknown": Problem(404, "Ce passage n’existe pas ici.", "No such check-in here."),
    "dispute_unknown": Problem(404, "Cette contestation n’existe pas.", "No such dispute."),
    "proposal_unknown": Problem(404, "Cette proposition n’existe pas.", "No such proposal."),
    "transfer_unknown": Problem(
        404, "Ce virement n’est pas au bordereau du mois.", "Not a transfer of this month's plan."
    ),
    "payment_unknown": Problem(
        404, "Ce paiement n’est pas noté à ce mois.", "No such payment in this month."
    ),
    "document_unknown": Problem(
        404,
        "Ce document n’est pas (ou plus) prêt. Préparez les documents du mois.",
        "This document is not ready, or no longer. Prepare the documents of the month.",
    ),
    "invoice_unknown": Problem(
        404, "Aucune facture ne porte ce numéro ici.", "No invoice has this number here."
    ),
    "key_not_found": Problem(404, "Cette clé n’existe pas ici.", "No such signing key here."),
    "token_unknown": Problem(404, "Ce jeton n’existe pas.", "No such API token."),
    "passkey_unknown": Problem(
        404, "Cette clé d’accès n’existe plus.", "This passkey is no longer there."
    ),
    "membership_unknown": Problem(
        404, "Cette personne n’a pas ce rôle ici.", "This person does not have this role here."
    ),
    "web_session_unknown": Problem(
        404, "Cette connexion est déjà terminée.", "This browser is no longer signed in."
    ),
    # who the caller is
    "token_required": Problem(401, "Il faut un jeton valable.", "A valid token is needed."),
    "role_forbidden": Problem(403, "Vous n’avez pas ce droit ici.", "You may not do this here."),
    "secret_expired": Problem(
        410,
        "Ce lien ou ce code ne marche plus. Demandez-en un autre.",
        "This link or code works no more. Ask for a new one.",
    ),
    "secret_used": Problem(
        410,
        "Ce lien ou ce code a déjà servi. Demandez-en un autre.",
        "This link or code was used already. Ask for a new one.",
    ),
    "secret_elsewhere": Problem(
        403,
        "Ce lien marche dans le navigateur où vous l’avez demandé. Ouvrez-le là, ou demandez-en "
        "un autre ici.",
        "This link works in the browser that asked for it. Open it there, or ask for one here.",
    ),
    "passkey_invalid": Problem(
        403,
        "Cette clé d’accès n’est pas connue ici. Entrez par un lien, puis ajoutez-la.",
        "This passkey is not known here. Sign in by a link, then add it.",
    ),
    "passkey_required": Problem(
        403,
        "Pour cela, il faut entrer avec une clé d’accès : ajoutez-en une dans votre compte.",
        "This needs a passkey: add one in your account, and sign in with it.",
    ),
    "passkey_kept": Problem(
        403,
        "Pour changer vos clés d’accès, entrez d’abord avec l’une d’elles. Toutes perdues ? "
        "Qui administre ce service peut les effacer.",
        "To change your passkeys, sign in with one of them first. All lost? Whoever runs this "
        "service can remove them.",
    ),
    "cross_site_request": Problem(
        403,
        "Cette demande vient d’un autre site. Rouvrez la page ici et recommencez.",
        "This was sent from another site. Open the page here and try again.",
    ),
    "link_invalid": Problem(403, "Ce lien n’est pas entier.", "This link is not whole."),
    "wallet_link_invalid": Problem(
        403,
        "Ce lien n’ouvre plus de pass : demandez-en un à votre lieu.",
        "This link opens no pass any more: ask your space for one.",
    ),
    "wallet_unknown": Problem(
        401,
        "Ouvrez d’abord le lien de votre pass : il est dans l’e-mail de votre lieu.",
        "Open the link to your pass first: it is in the e-mail of your space.",
    ),
    "binding_code_needed": Problem(
        403,
        "Il faut un code : il arrive par courriel, ou votre lieu vous le montre.",
        "A code is needed: it comes by e-mail, or your space shows it.",
    ),
    "phone_unbound": Problem(
        403, "Ce téléphone ne porte pas ce pass.", "This phone does not carry this pass."
    ),
    "too_many_codes": Problem(
        429,
        "Trop de codes demandés : attendez une heure.",
        "Too many codes were asked for: wait an hour.",
    ),
    # what is already recorded
    "phone_replaced": Problem(
        409,
        "Un autre téléphone porte maintenant ce pass.",
        "Another phone carries this pass now.",
    ),
    "idempotency_conflict": Problem(
        409,
        "Ce numéro a déjà servi pour une autre demande.",
        "This id was already used for another request.",
    ),
    "period_locked": Problem(409, "Ce mois est verrouillé.", "This month is locked."),
    "period_not_over": Problem(409, "Ce mois n’est pas fini.", "This month is not over."),
    "period_out_of_order": Problem(
        409, "Un mois plus ancien passe d’abord.", "An earlier month comes first."
    ),
    "agreement_missing": Problem(
        409,
        "Aucune convention n’est en vigueur ce mois-là.",
        "No agreement is in force in that month.",
    ),
    "period_not_locked": Problem(
        409, "Ce mois n’est pas encore verrouillé.", "This month is not locked yet."
    ),
    "last_member": Problem(
        409,
        "C’est la dernière personne dans ce rôle. Invitez-en une autre d’abord.",
        "This is the last person in this role. Invite another one first.",
    ),
    "slug_taken": Problem(409, "Ce nom court est déjà pris.", "This slug is already taken."),
    "network_in_use": Problem(
        409,
        "Le fuseau et la monnaie d’un réseau qui a des créances ne changent plus.",
        "The time zone and currency of a network with charges stay.",
    ),
    "price_back_dated": Problem(
        409,
        "Ce tarif commencerait avant des passages déjà comptés.",
        "This price would start before visits already charged.",
    ),
    "agreement_in_charged_month": Problem(
        409,
        "Cette convention changerait un mois qui a déjà des créances.",
        "This agreement would change a month that already has charges.",
    ),
    "legal_kept": Problem(
        409,
        "Des données légales enregistrées ne s’effacent pas.",
        "Legal data once recorded is kept.",
    ),
    "not_disputable": Problem(
        409, "Ce passage n’a pas de créance à contester.", "This check-in has nothing to contest."
    ),
    "dispute_decided": Problem(
        409, "Cette contestation est déjà tranchée.", "This dispute is already decided."
    ),
    "consent_missing": Problem(
        409,
        "L’autre tiers-lieu doit d’abord donner son accord.",
        "The other space must agree first.",
    ),
    "vote_closed": Problem(409, "Ce vote est terminé.", "This vote is over."),
    "not_a_voter": Problem(
        409, "Ce tiers-lieu ne vote pas ici.", "This space has no vote on this proposal."
    ),
    "votes_missing": Problem(
        409,
        "Tous les lieux n’ont pas encore voté.",
        "Not every space has voted yet.",
    ),
    "proposal_pending": Problem(
        409,
        "Une proposition sur le même sujet est déjà ouverte.",
        "A proposal on the same thing is open already.",
    ),
    "proposal_pointless": Problem(
        409, "Cette proposition ne changerait rien.", "This proposal would change nothing."
    ),
    "later_version_voted": Problem(
        409,
        "Une règle déjà décidée commence plus tard et déferait celle-ci : proposez dès ce mois.",
        "A rule that is decided begins later and would undo this one: propose from that month on.",
    ),
    "effect_too_early": Problem(
        409,
        "C’est trop tôt : le vote et son préavis ne seraient pas finis.",
        "Too early: the vote and its notice would not be over.",
    ),
    "pass_ended": Problem(
        409,
        "Ce pass est révoqué ou remboursé, c’est définitif.",
        "This pass is revoked or refunded, and that is final.",
    ),
    "pass_suspended": Problem(
        409, "Ce pass est suspendu : réactivez-le d’abord.", "Suspended: resume the pass first."
    ),
    "pass_expired": Problem(409, "Ce pass est arrivé à son terme.", "This pass has ended."),
    "not_renewable": Problem(
        409,
        "Ce pass ne se renouvelle pas : vendez-en un nouveau.",
        "This pass is not renewed: sell a new one.",
    ),
    "no_golden_left": Problem(
        409, "Il ne reste pas de ticket d’or.", "There is no golden ticket left."
    ),
    "ticket_used": Problem(
        409, "Ce ticket d’or a déjà servi.", "This golden ticket was already used."
    ),
    "ticket_revoked": Problem(
        410, "Ce billet a été remplacé ou repris.", "This ticket was replaced or taken back."
    ),
    "reference_taken": Problem(
        409,
        "Cette référence est celle d’un autre pass.",
        "This reference belongs to another pass.",
    ),
    "space_left": Problem(
        409, "Ce tiers-lieu a quitté le réseau.", "This space has left its network."
    ),
    # what was sent
    "levy_without_fund": Problem(
        422,
        "La caisse du réseau n’a pas de titulaire et d’IBAN pour recevoir la cotisation.",
        "The network's fund has no holder and IBAN to receive the levy.",
    ),
    "convention_missing": Problem(
        422,
        "La compensation multilatérale demande la date d’une convention signée.",
        "Multilateral netting needs the date of a signed convention.",
    ),
    "currencies_differ": Problem(
        422,
        "Ces deux réseaux ne comptent pas dans la même monnaie.",
        "These two networks count in different currencies.",
    ),
    "binding_code_wrong": Problem(422, "Ce n’est pas le bon code.", "This is not the right code."),
    "journal_invalid": Problem(
        422,
        "Cette ligne du journal est abîmée.",
        "This entry of the journal is damaged.",
    ),
    "data_invalid": Problem(422, "Ces données ont des erreurs.", "This data has errors."),
    "month_invalid": Problem(
        422, "Un mois s’écrit AAAA-MM, comme 2026-11.", "A month reads YYYY-MM, such as 2026-11."
    ),
    "terms_invalid": Problem(
        422,
        "Un champ de la convention n’est pas valable.",
        "A field of the agreement is not valid.",
    ),
    "payment_too_large": Problem(
        422, "Ce paiement dépasse ce qui reste du virement.", "More than is left of the transfer."
    ),
    "party_incomplete": Problem(
        409,
        "Pour payer, il manque : {who}. Ses hôtes le donnent : « Nos factures et notre compte ».",
        "To pay, this is missing: {who}. Its hosts give it: “Our invoices and our account”.",
    ),
    "currency_foreign": Problem(
        422,
        "Cette somme est en {found} ; ici, on compte en {expected}.",
        "This amount is in {found}; here, accounts are in {expected}.",
    ),
    "bank_file_unreadable": Problem(
        422,
        "Ce fichier n’est pas un relevé de banque lisible : donnez un camt.053 (001.02 ou "
        "001.08), ou le CSV de la notice.",
        "This is no bank statement that can be read: give a camt.053 (001.02 or 001.08), or "
        "the CSV of the manual.",
    ),
    "bank_amount_unreadable": Problem(
        422,
        "Ligne {place} : « {text} » n’est pas une somme. Rien n’a été importé.",
        "Entry {place}: “{text}” is no amount. Nothing was imported.",
    ),
    "bank_day_unreadable": Problem(
        422,
        "Ligne {place} : « {text} » n’est pas un jour. Rien n’a été importé.",
        "Entry {place}: “{text}” is no day. Nothing was imported.",
    ),
    "bank_account_unknown": Problem(
        422,
        "Le compte {iban} n’est ni d’un lieu du réseau, ni de sa caisse, ou n’est pas dans ce "
        "fichier.",
        "The account {iban} is of no space of the network, nor of its fund, or is not in this "
        "file.",
    ),
    "bank_account_needed": Problem(
        422,
        "Dites de quel compte vient ce fichier.",
        "Say of which account this file is.",
    ),
    "bank_entry_unknown": Problem(
        404,
        "Cette ligne de banque n’existe pas ici.",
        "No such bank entry here.",
    ),
    "bank_entry_settled": Problem(
        409,
        "Cette ligne de banque est déjà rapprochée, ou le virement ne lui va plus.",
        "This bank entry is matched already, or the transfer fits it no more.",
    ),
    "bank_entry_ambiguous": Problem(
        409,
        "Cette ligne de banque peut aller avec plusieurs virements : dites avec lesquels.",
        "This bank entry may be of several transfers: name which.",
    ),
    "csv_header_wrong": Problem(
        422,
        "La première ligne du fichier n’est pas la bonne.",
        "The first line of the file is not the one expected.",
    ),
    "csv_unreadable": Problem(
        422,
        "Le fichier ne se lit pas jusqu’au bout.",
        "The file can not be read to its end.",
    ),
    "start_out_of_range": Problem(
        422,
        "Ce pass commencerait trop tôt ou trop tard.",
        "This pass would start too long ago or too far ahead.",
    ),
    "no_volunteer_price": Problem(
        422,
        "Cette formule n’a pas de tarif concierge.",
        "This plan has no volunteer price.",
    ),
    # files of commands
    "output_unwritable": Problem(
        422, "Ce fichier ne peut pas être écrit.", "This file can not be written."
    ),
    "output_exists": Problem(409, "Ce fichier existe déjà.", "This file is already there."),
    "document_unreadable": Problem(422, "Ce fichier ne se lit pas.", "This file can not be read."),
    "backup_invalid": Problem(
        422, "Ce fichier n’est pas une sauvegarde d’ici.", "This file is no backup of this service."
    ),
    "database_not_empty": Problem(
        409, "Cette base contient des données.", "This database has records."
    ),
    "database_in_use": Problem(409, "Cette base est ouverte.", "This database is in use."),
    "database_unknown": Problem(
        404, "Cette base n’existe pas encore.", "There is no such database yet."
    ),
    "space_unknown": Problem(
        404,
        "Ce tiers-lieu n’existe pas ici, ou n’en fait pas partie ce jour-là.",
        "No such space here, or it takes no part on that day.",
    ),
    "in_future": Problem(
        422,
        "L’heure du passage est dans le futur : réglez l’horloge.",
        "The visit is in the future: set the clock.",
    ),
    "too_old": Problem(
        422,
        "Ce passage est trop ancien pour être compté.",
        "This visit is too long ago to be counted.",
    ),
    "revoked": Problem(
        422,
        "Ce billet ne compte plus. Demandez le nouveau.",
        "This ticket counts no more. Ask for the new one.",
    ),
    "suspended": Problem(
        422,
        "Ce pass est suspendu. Son lieu peut le rouvrir.",
        "This pass is suspended. Its home can resume it.",
    ),
    "not_yet_valid": Problem(
        422,
        "Ce pass n’a pas encore commencé.",
        "This pass has not begun yet.",
    ),
    "expired": Problem(
        422,
        "Ce pass est arrivé à son terme.",
        "This pass has ended.",
    ),
    "wrong_network": Problem(
        422,
        "Ce pass est d’un réseau avec lequel nous n’avons pas de convention.",
        "This pass is of a network we have no agreement with.",
    ),
    "roaming_not_included": Problem(
        422,
        "Ce pass ne vaut que chez le lieu qui l’a vendu.",
        "This pass is good only where it was sold.",
    ),
    "roaming_cap_reached": Problem(
        422,
        "Ce pass a déjà fait toutes ses journées ailleurs ce mois-ci.",
        "This pass has used its days elsewhere this month.",
    ),
    "unit_not_covered": Problem(
        422,
        "Ce pass ne couvre pas une visite aussi longue.",
        "This pass does not cover so long a visit.",
    ),
    "no_units_left": Problem(
        422,
        "Il n’y a plus rien sur ce pass.",
        "There is nothing left on this pass.",
    ),
    "no_price": Problem(
        422,
        "Ce lieu n’a pas de tarif d’accueil pour ce jour.",
        "This space has no price for visitors on that day.",
    ),
    "space_closed": Problem(
        422,
        "Le lieu est fermé à cette heure.",
        "The space is closed at this time.",
    ),
    "space_full": Problem(
        422,
        "Le lieu est complet.",
        "The space is full.",
    ),
    "visitors_full": Problem(
        422,
        "Le lieu a reçu tous ses visiteurs du jour.",
        "The space has had all its visitors for the day.",
    ),
    "check_in_not_accepted": Problem(
        409,
        "Ce passage avait été refusé.",
        "This check-in was refused.",
    ),
    "not_extensible": Problem(
        409,
        "Ce passage ne peut pas devenir une journée.",
        "This check-in can not become a day.",
    ),
    "unit_fixed": Problem(
        409,
        "La durée de ce passage ne peut plus changer.",
        "The length of this check-in can not change any more.",
    ),
    "row_invalid": Problem(
        422,
        "La ligne du fichier est mal formée.",
        "The row of the file is malformed.",
    ),
    "not_a_ticket": Problem(
        422,
        "Ce code n’est pas un billet.",
        "This code is not a ticket.",
    ),
    "token_too_large": Problem(
        422,
        "Ce code est trop long pour un billet.",
        "This code is too long to be a ticket.",
    ),
    "malformed": Problem(
        422,
        "Ce billet est abîmé ou incomplet.",
        "This ticket is damaged or incomplete.",
    ),
    "alg_not_allowed": Problem(
        422,
        "Ce billet n’est pas signé comme il faut.",
        "This ticket is not signed as it must be.",
    ),
    "typ_not_allowed": Problem(
        422,
        "Ce document signé n’est pas un billet.",
        "This signed document is not a ticket.",
    ),
    "issuer_unknown": Problem(
        422,
        "Ce billet vient d’ailleurs.",
        "This ticket comes from elsewhere.",
    ),
    "key_unknown": Problem(
        422,
        "Ce billet est signé d’une clé inconnue.",
        "This ticket is signed with an unknown key.",
    ),
    "key_compromised": Problem(
        422,
        "Ce billet est signé d’une clé volée.",
        "This ticket is signed with a stolen key.",
    ),
    "issuer_key_mismatch": Problem(
        422,
        "Ce billet est signé de la clé d’un autre.",
        "This ticket is signed with somebody else’s key.",
    ),
    "bad_signature": Problem(
        422,
        "La signature de ce billet est fausse.",
        "This ticket’s signature is wrong.",
    ),
    "claims_invalid": Problem(
        422,
        "Le contenu de ce billet est faux.",
        "This ticket’s contents are wrong.",
    ),
    "clock_rewound": Problem(
        422,
        "L’horloge de l’appareil a reculé.",
        "The device’s clock was set back.",
    ),
    "bundle_stale": Problem(
        422,
        "La liste hors ligne est trop ancienne.",
        "The offline list is too old.",
    ),
    "holder_proof_missing": Problem(
        422,
        "Ce code vivant n’a pas sa preuve.",
        "This live code lacks its proof.",
    ),
    "holder_proof_invalid": Problem(
        422,
        "La preuve de ce code vivant est fausse.",
        "This live code’s proof is wrong.",
    ),
    "holder_proof_stale": Problem(
        422,
        "C’est un vieux code : rouvrez le pass.",
        "This is an old code: open the pass again.",
    ),
    "holder_proof_wrong_space": Problem(
        422,
        "Ce code vivant est pour un autre lieu.",
        "This live code is for another space.",
    ),
    "holder_proof_replayed": Problem(
        422,
        "Ce code vivant a déjà servi.",
        "This live code was already used.",
    ),
    "online_required": Problem(
        422,
        "Ce pass demande le réseau.",
        "This pass needs the network.",
    ),
    "offline_limit": Problem(
        422,
        "Trop de passages hors ligne aujourd’hui.",
        "Too many offline visits today.",
    ),
    "code_invalid": Problem(
        422,
        "Le code est mal recopié.",
        "The short code has a typing error.",
    ),
    "base_url_too_long": Problem(
        500,
        "L’adresse de base est trop longue.",
        "The base URL is too long.",
    ),
    "base_url_invalid": Problem(
        500,
        "L’adresse de base est mal formée.",
        "The base URL is malformed.",
    ),
    "key_unreadable": Problem(
        500,
        "Une clé ne se lit pas.",
        "A key can not be read.",
    ),
    "month_unreadable": Problem(
        422,
        "Cet export ne se lit pas.",
        "This export can not be read.",
    ),
    "email_invalid": Problem(
        422, "Cette adresse e-mail n’est pas complète.", "This is no whole e-mail address."
    ),
    "mail_server_missing": Problem(
        409, "Aucun serveur de mails n’est réglé.", "No mail server is set."
    ),
    "json_invalid": Problem(400, "Ce n’est pas du JSON.", "This is no JSON."),
    "nested_too_deep": Problem(
        400, "Ces données sont trop imbriquées.", "This data is nested too deeply."
    ),
    "bad_request": Problem(400, "Cette demande ne se lit pas.", "This request can not be read."),
    "not_found": Problem(404, "Il n’y a rien à cette adresse.", "There is nothing here."),
    "method_not_allowed": Problem(
        405, "Cette adresse ne s’utilise pas ainsi.", "This address is not used in this way."
    ),
    "body_too_large": Problem(413, "C’est trop long.", "This is too large."),
    "too_many_requests": Problem(
        429,
        "Trop d’essais. Attendez un quart d’heure, puis recommencez.",
        "Too many tries. Wait a quarter of an hour, then try again.",
    ),
    "media_type_unsupported": Problem(
        415, "Ce type de contenu n’est pas lu ici.", "This type of content is not read here."
    ),
    # what is our own fault
    "internal_error": Problem(
        500, "Quelque chose s’est mal passé chez nous.", "Something went wrong on our side."
    ),
    "not_ready": Problem(503, "Le service n’est pas encore prêt.", "The service is not ready yet."),
    "demo_forbidden": Problem(
        409, "La démonstration ne se charge pas ici.", "The demonstration is not loaded here."
    ),
    "no_local_network": Problem(
        500, "Cette machine n’est dans aucun réseau.", "This machine is in no network."
    ),
    "configuration_invalid": Problem(
        500, "La configuration empêche de démarrer.", "The configuration prevents starting."
    ),
}


def sentence(code: str, facts: Mapping[str, Any] | None = None, language: str = "fr") -> str:
    """Return the sentence of a code in a language (`fr` or `en`), its facts filled in."""
    problem = PROBLEMS[code]
    text = problem.en if language == "en" else problem.fr
    return text.format_map(facts or {})


def problem(
    code: str,
    detail: str | None = None,
    facts: Mapping[str, Any] | None = None,
    *,
    status: int | None = None,
    **members: Any,  # noqa: ANN401 (RFC 9457 extension members are any JSON)
) -> Response:
    """Return the answer for a code. `members` are added to the document, as `errors`.

    `status` is for a code that means another thing here: a check-in of a pass that is unknown is
    refused, it is not at the wrong address.
    """
    title = sentence(code, facts, spoken_language())
    status = status or PROBLEMS[code].status
    document = {
        "type": f"urn:cowopass:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "instance": request.path,
        "code": code,
        **members,
    }
    return Response(json.dumps(document), status, mimetype="application/problem+json")
