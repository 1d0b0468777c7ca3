"""Everything the service can refuse, named as facts.

    CowopassError
    ├── ConfigurationInvalid
    ├── Unknown            what was named does not exist here
    ├── Forbidden          the caller may not
    ├── Conflict           it contradicts what is already recorded
    └── Invalid            the input cannot be taken

A leaf has a stable `code` and carries its facts as attributes; `cowopass.problems` turns the code
into an HTTP answer. A broken invariant is not a refusal: it raises something else and is a 500.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar


class CowopassError(Exception):
    """A refusal by the service; its text says what is wrong and what to do."""

    code: ClassVar[str] = "error"


class ConfigurationInvalid(CowopassError):
    """An environment variable keeps the service from starting."""

    code = "configuration_invalid"

    def __init__(self, variable: str, remedy: str) -> None:
        self.variable = variable
        super().__init__(f"{variable} {remedy}.")


class NoLocalNetwork(CowopassError):
    """This machine is in no network, so no phone can reach it."""

    code = "no_local_network"

    def __init__(self) -> None:
        super().__init__(
            "This machine is in no network. Connect it to the same one as the phones, or name its "
            "address: `cowopass lan --address 192.168.1.20`."
        )


class Unknown(CowopassError):
    """Something was named that does not exist here, or not for this caller."""

    what: ClassVar[str] = "thing"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"There is no {self.what} `{name}`.")


class NetworkUnknown(Unknown):
    """No network has this slug."""

    code, what = "network_unknown", "network"


class SpaceUnknown(Unknown):
    """No space has this slug."""

    code, what = "space_unknown", "space"


class PlanUnknown(Unknown):
    """The space offers no plan with this code."""

    code, what = "plan_unknown", "plan on sale"


class DocumentUnknown(Unknown):
    """No document of this name was made for the month."""

    code, what = "document_unknown", "document"


class InvoiceUnknown(Unknown):
    """No invoice has this number."""

    code, what = "invoice_unknown", "invoice"


class HolderUnknown(Unknown):
    """No holder has this id, pass or address, or she was erased."""

    code, what = "holder_unknown", "holder"


class PassUnknown(Unknown):
    """No pass has this id."""

    code, what = "pass_unknown", "pass"


class TicketUnknown(Unknown):
    """No ticket has this id."""

    code, what = "ticket_unknown", "ticket"


class CheckInUnknown(Unknown):
    """No check-in has this id."""

    code, what = "check_in_unknown", "check-in"


class DisputeUnknown(Unknown):
    """No dispute has this id."""

    code, what = "dispute_unknown", "dispute"


class ProposalUnknown(Unknown):
    """No proposal has this id."""

    code, what = "proposal_unknown", "proposal"


class TransferUnknown(Unknown):
    """The month's plan has no transfer with this id."""

    code, what = "transfer_unknown", "transfer in the plan of this month"


class PaymentUnknown(Unknown):
    """The month has no payment with this id."""

    code, what = "payment_unknown", "payment of this month"


class KeyNotFound(Unknown):
    """No signing key of this instance has this id."""

    code, what = "key_not_found", "signing key"


class DatabaseUnknown(Unknown):
    """There is no database file under the address in use."""

    code, what = "database_unknown", "database file"


class TokenUnknown(Unknown):
    """No API token has this id."""

    code, what = "token_unknown", "API token"


class WebSessionUnknown(Unknown):
    """The person is signed in in no browser with this id."""

    code, what = "web_session_unknown", "browser signed in"


class MembershipUnknown(Unknown):
    """The person does not have this role here."""

    code, what = "membership_unknown", "such role of"


class PasskeyUnknown(Unknown):
    """The person has no passkey with this id."""

    code, what = "passkey_unknown", "passkey"


class Forbidden(CowopassError):
    """The caller may not do this."""


class TokenRequired(Forbidden):
    """The call needs a bearer token and came without a valid one."""

    code = "token_required"

    def __init__(self) -> None:
        super().__init__("Send a valid token: `Authorization: Bearer …`.")


class CrossSiteRequest(Forbidden):
    """Another site made a browser send this; its cookies must not serve it."""

    code = "cross_site_request"

    def __init__(self) -> None:
        super().__init__("This was sent from another site. Open the page here and try again.")


class RoleForbidden(Forbidden):
    """The token's role, space or network does not cover the call."""

    code = "role_forbidden"

    def __init__(self, needed: str) -> None:
        self.needed = needed
        super().__init__(f"This needs {needed}.")


class SecretExpired(Forbidden):
    """A link or code that works once is too old, cut off, or never was."""

    code = "secret_expired"

    def __init__(self) -> None:
        super().__init__("This link or code works no more: ask for a new one.")


class SecretUsed(Forbidden):
    """A link or code that works once was used."""

    code = "secret_used"

    def __init__(self) -> None:
        super().__init__("This link or code was used, and works once: ask for a new one.")


class SecretElsewhere(Forbidden):
    """A link works in the browser that asked for it, and was opened in another one."""

    code = "secret_elsewhere"

    def __init__(self) -> None:
        super().__init__("Open this link in the browser that asked for it, or ask for one here.")


class PasskeyRequired(Forbidden):
    """What moves money needs a passkey in production, and she signed in by a mailed link."""

    code = "passkey_required"

    def __init__(self) -> None:
        super().__init__(
            "This moves money, so it needs a passkey: add one on /account, "
            "sign out, and sign in with it."
        )


class PasskeyKept(Forbidden):
    """A treasurer's passkeys are changed in production by who has signed in with one of them."""

    code = "passkey_kept"

    def __init__(self) -> None:
        super().__init__(
            "Sign in with one of your passkeys first. When all are lost, the operator removes them "
            "by `cowopass person forget-passkeys`."
        )


class PasskeyInvalid(Forbidden):
    """What a browser signed with a passkey does not hold, or the passkey is not known here."""

    code = "passkey_invalid"

    def __init__(self) -> None:
        super().__init__("This passkey is not known here: sign in by a mailed link, and add it.")


class LinkInvalid(Forbidden):
    """The signed link to a ticket is cut, changed or of another ticket."""

    code = "link_invalid"

    def __init__(self) -> None:
        super().__init__("This link is not whole: ask the space that sold the pass for a new one.")


class WalletLinkInvalid(Forbidden):
    """A link to a wallet is cut or changed, or a newer one has replaced it."""

    code = "wallet_link_invalid"

    def __init__(self) -> None:
        super().__init__(
            "This link does not open a wallet any more: ask the space that sold the pass for one."
        )


class WalletUnknown(Forbidden):
    """No wallet was opened in this browser."""

    code = "wallet_unknown"

    def __init__(self) -> None:
        super().__init__("Open the link to your pass first: it is in the mail of your space.")


class BindingCodeNeeded(Forbidden):
    """A phone asks to carry a pass, with neither a code nor the secret of a phone that does."""

    code = "binding_code_needed"

    def __init__(self, pass_id: str) -> None:
        self.pass_id = pass_id
        super().__init__("A code is needed: it is mailed to the holder, or shown by her space.")


class PhoneUnbound(Forbidden):
    """A phone has never carried this pass."""

    code = "phone_unbound"

    def __init__(self, pass_id: str) -> None:
        self.pass_id = pass_id
        super().__init__(f"This phone does not carry the pass {pass_id}: bind it by a code first.")


class TooManyCodes(Forbidden):
    """As many codes were asked for as a pass may have in `seconds`."""

    code = "too_many_codes"

    def __init__(self, pass_id: str, seconds: int) -> None:
        self.pass_id, self.seconds = pass_id, seconds
        super().__init__(
            f"Too many codes were asked for: wait up to {seconds // 60} minutes for the next one."
        )


class Conflict(CowopassError):
    """The request contradicts what is already recorded."""


class PhoneReplaced(Conflict):
    """Another phone carries the pass since `at`; this one counts no more."""

    code = "phone_replaced"

    def __init__(self, pass_id: str, at: datetime) -> None:
        self.pass_id, self.at = pass_id, at
        super().__init__(
            f"Another phone carries the pass {pass_id} since {at.isoformat()}: bind this one again "
            "by a code, or tell the space that sold the pass."
        )


class LastMember(Conflict):
    """Without her nobody could work here, or invite anybody."""

    code = "last_member"

    def __init__(self, role: str, place: str) -> None:
        self.role, self.place = role, place
        super().__init__(f"She is the last {role} of {place}: invite another one first.")


class IdempotencyConflict(Conflict):
    """The same client-made id came before with another body."""

    code = "idempotency_conflict"

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"The id {key} was used for another request: send a new id.")


class PeriodLocked(Conflict):
    """The change would alter a month that is locked."""

    code = "period_locked"

    def __init__(self, network: str, month: str, what: str) -> None:
        self.network, self.month = network, month
        super().__init__(f"{month} of {network} is locked: {what}.")


class PassEnded(Conflict):
    """The pass is revoked or refunded, and that is final."""

    code = "pass_ended"

    def __init__(self, pass_id: str, state: str) -> None:
        self.pass_id, self.state = pass_id, state
        super().__init__(f"The pass {pass_id} is {state}, and that is final: sell a new one.")


class PassSuspended(Conflict):
    """The pass is suspended: what was asked needs an active one."""

    code = "pass_suspended"

    def __init__(self, pass_id: str) -> None:
        self.pass_id = pass_id
        super().__init__(f"The pass {pass_id} is suspended: resume it first.")


class PassExpired(Conflict):
    """The pass has passed its last day."""

    code = "pass_expired"

    def __init__(self, pass_id: str, ends_on: date) -> None:
        self.pass_id, self.ends_on = pass_id, ends_on
        super().__init__(f"The pass {pass_id} held until {ends_on}: sell or renew one.")


class NotRenewable(Conflict):
    """A renewal would sell nothing, or nothing that is on sale."""

    code = "not_renewable"

    def __init__(self, pass_id: str, reason: str) -> None:
        self.pass_id, self.reason = pass_id, reason
        super().__init__(f"The pass {pass_id} can not be renewed: {reason}.")


class NoGoldenLeft(Conflict):
    """The golden tickets of the month, or of the book, are used or handed over."""

    code = "no_golden_left"

    def __init__(self, pass_id: str, allowance: int) -> None:
        self.pass_id, self.allowance = pass_id, allowance
        super().__init__(
            f"The pass {pass_id} has no golden ticket left of its {allowance}: "
            "take back one that was handed over and not used."
        )


class TicketUsed(Conflict):
    """A golden ticket was redeemed: it can not be taken back."""

    code = "ticket_used"

    def __init__(self, jti: str) -> None:
        self.jti = jti
        super().__init__(f"The golden ticket {jti} was used: void its check-in instead.")


class TicketRevoked(Conflict):
    """The ticket was replaced or taken back, so there is nothing to print."""

    code = "ticket_revoked"

    def __init__(self, jti: str) -> None:
        self.jti = jti
        super().__init__(f"The ticket {jti} no longer counts: ask for the new one.")


class ReferenceTaken(Conflict):
    """The home has sold another pass under this reference."""

    code = "reference_taken"

    def __init__(self, home: str, reference: str) -> None:
        self.home, self.reference = home, reference
        super().__init__(f"{home} has another pass under the reference {reference}.")


class SpaceLeft(Conflict):
    """The space has left its network: its passes would open no door."""

    code = "space_left"

    def __init__(self, space: str, leaves_on: date) -> None:
        self.space, self.leaves_on = space, leaves_on
        super().__init__(f"{space} left its network on {leaves_on}: it sells no more passes.")


class SlugTaken(Conflict):
    """A network or space can not have this slug: another one of the instance has it."""

    code = "slug_taken"

    def __init__(self, slug: str, owner: str) -> None:
        self.slug, self.owner = slug, owner
        super().__init__(f"The slug {slug} is taken by {owner}: choose another one.")


class NetworkInUse(Conflict):
    """What a network's ledger was kept in, its time zone and currency, stays."""

    code = "network_in_use"

    def __init__(self, network: str, what: str) -> None:
        self.network, self.what = network, what
        super().__init__(f"{network} has charges: its {what} can not change any more.")


class PriceBackDated(Conflict):
    """A price starts after the last day on which the space charged a visit."""

    code = "price_back_dated"

    def __init__(self, space: str, effective_from: date, last_charged_on: date) -> None:
        self.space, self.effective_from = space, effective_from
        self.last_charged_on = last_charged_on
        super().__init__(
            f"{space} charged visits until {last_charged_on}: a price from {effective_from} on "
            "would be back-dated. Let it start the day after, or later."
        )


class AgreementInChargedMonth(Conflict):
    """A version of an agreement starts after the last month with charges under the one before."""

    code = "agreement_in_charged_month"

    def __init__(self, agreement: str, month: str) -> None:
        self.agreement, self.month = agreement, month
        super().__init__(
            f"{month} has charges between these networks under the rules of that time, which "
            f"{agreement} would change. Let the new version start in a later month."
        )


class LegalKept(Conflict):
    """Legal data that months were settled with can be changed, but not taken away."""

    code = "legal_kept"

    def __init__(self) -> None:
        super().__init__("Legal data once recorded is kept: change it, or leave the key out.")


class PeriodNotOver(Conflict):
    """A month that still runs can be neither reviewed nor locked, until the day `over_on`."""

    code = "period_not_over"

    def __init__(self, network: str, month: str, over_on: date) -> None:
        self.network, self.month, self.over_on = network, month, over_on
        super().__init__(f"{month} of {network} still runs: try again from {over_on} on.")


class PeriodOutOfOrder(Conflict):
    """Months lock in order; `first` is the month that comes first."""

    code = "period_out_of_order"

    def __init__(self, network: str, month: str, first: str) -> None:
        self.network, self.month, self.first = network, month, first
        super().__init__(f"{network} locks its months in order: {first} comes before {month}.")


class AgreementMissing(Conflict):
    """No agreement between two networks is in force in a month."""

    code = "agreement_missing"

    def __init__(self, home: str, host: str, month: str) -> None:
        self.home, self.host, self.month = home, host, month
        super().__init__(
            f"No agreement of {home} (home) with {host} (host) is in force in {month}: "
            "load one that starts in that month or before."
        )


class PeriodNotLocked(Conflict):
    """There is no head and nothing to pay before the lock."""

    code = "period_not_locked"

    def __init__(self, network: str, month: str) -> None:
        self.network, self.month = network, month
        super().__init__(f"{month} of {network} is not locked yet: lock it first.")


class NotDisputable(Conflict):
    """A check-in that made no charge, or whose charge has fallen, has nothing to contest."""

    code = "not_disputable"

    def __init__(self, check_in: str, why: str) -> None:
        self.check_in, self.why = check_in, why
        super().__init__(f"The check-in {check_in} {why}: there is no charge to contest.")


class DisputeDecided(Conflict):
    """A dispute is decided once."""

    code = "dispute_decided"

    def __init__(self, dispute: str, state: str) -> None:
        self.dispute, self.state = dispute, state
        super().__init__(f"The dispute {dispute} is already {state}.")


class ConsentMissing(Conflict):
    """A treasurer who belongs to one of the two spaces judges only if the other one agrees."""

    code = "consent_missing"

    def __init__(self, dispute: str, space: str) -> None:
        self.dispute, self.space = dispute, space
        super().__init__(
            f"You belong to one of the two spaces: a host of {space} must agree first "
            f"(POST /disputes/{dispute}/consent)."
        )


class VoteClosed(Conflict):
    """The vote on a proposal is over: it closed at `closed_at`, or it was withdrawn then."""

    code = "vote_closed"

    def __init__(self, proposal: str, closed_at: datetime) -> None:
        self.proposal, self.closed_at = proposal, closed_at
        super().__init__(
            f"The vote on {proposal} is over since {closed_at.isoformat()}: open a new proposal."
        )


class NotAVoter(Conflict):
    """A space has no vote on a proposal: it joined after the opening, has left, or is suspended."""

    code = "not_a_voter"

    def __init__(self, space: str, proposal: str) -> None:
        self.space, self.proposal = space, proposal
        super().__init__(
            f"{space} has no vote on {proposal}: the spaces vote that were members when it was "
            "opened, and neither left nor were suspended since."
        )


class VotesMissing(Conflict):
    """Before its last day a vote is only counted when every space has voted."""

    code = "votes_missing"

    def __init__(self, proposal: str, spaces: list[str]) -> None:
        self.proposal, self.spaces = proposal, spaces
        super().__init__(
            f"{', '.join(spaces)} did not vote on {proposal} yet: wait until it closes."
        )


class ProposalPending(Conflict):
    """A proposal on the same thing is open already."""

    code = "proposal_pending"

    def __init__(self, proposal: str) -> None:
        self.proposal = proposal
        super().__init__(f"{proposal} is open on the same thing: vote on it first, or withdraw it.")


class ProposalPointless(Conflict):
    """The proposal would change nothing."""

    code = "proposal_pointless"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"This would change nothing: {why}.")


class LaterVersionVoted(Conflict):
    """A rule would begin before one that is voted already, which would undo it; see `month`."""

    code = "later_version_voted"

    def __init__(self, version: str, month: str) -> None:
        self.version, self.month = version, month
        super().__init__(
            f"{version} is decided and says all anew: propose a rule from {month} on, or later."
        )


class EffectTooEarly(Conflict):
    """A decision would take effect before the charter allows; `earliest` is a month or a day."""

    code = "effect_too_early"

    def __init__(self, wanted: str, earliest: str) -> None:
        self.wanted, self.earliest = wanted, earliest
        super().__init__(
            f"The vote and its notice are not over by {wanted}: {earliest} is the earliest."
        )


class OutputExists(Conflict):
    """A file is there that a backup would replace."""

    code = "output_exists"

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"{path} is there: name another file, or add --force to replace it.")


class DatabaseNotEmpty(Conflict):
    """A restore would replace a database that has records."""

    code = "database_not_empty"

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"{path} has records: add --force to lose them, or back them up first.")


class DatabaseInUse(Conflict):
    """A restore can not replace a database that somebody has open."""

    code = "database_in_use"

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"{path} is in use: stop the service, then restore.")


class CheckInNotAccepted(Conflict):
    """Only an accepted check-in can be taken back or extended."""

    code = "check_in_not_accepted"

    def __init__(self, check_in: str) -> None:
        self.check_in = check_in
        super().__init__(f"The check-in {check_in} was refused: there is nothing to take back.")


class NotExtensible(Conflict):
    """Only a half-day that counts can become a day."""

    code = "not_extensible"

    def __init__(self, check_in: str, why: str) -> None:
        self.check_in, self.why = check_in, why
        super().__init__(f"The check-in {check_in} can not become a day: {why}.")


class UnitFixed(Conflict):
    """What is counted of a visit can be changed while it counts and nobody contests it."""

    code = "unit_fixed"

    def __init__(self, check_in: str, why: str) -> None:
        self.check_in, self.why = check_in, why
        super().__init__(f"The check-in {check_in} can not be counted otherwise: {why}.")


class Invalid(CowopassError):
    """The input cannot be taken."""


class StartOutOfRange(Invalid):
    """A pass would start too long ago or too far ahead."""

    code = "start_out_of_range"

    def __init__(self, starts_on: date, earliest: date, latest: date) -> None:
        self.starts_on, self.earliest, self.latest = starts_on, earliest, latest
        super().__init__(f"A pass starts from {earliest} to {latest}, not on {starts_on}.")


class NoVolunteerPrice(Invalid):
    """The plan has no volunteer (concierge) price."""

    code = "no_volunteer_price"

    def __init__(self, home: str, plan: str) -> None:
        self.home, self.plan = home, plan
        super().__init__(f"{plan} of {home} has no volunteer price: sell it at its full price.")


class LevyWithoutFund(Invalid):
    """A levy goes to the host network's fund, which has no holder and IBAN to receive it."""

    code = "levy_without_fund"

    def __init__(self, network: str) -> None:
        self.network = network
        super().__init__(
            f"The fund of {network} has no holder and IBAN to receive a levy: "
            "give it both, or set levy_bps to 0."
        )


class ConventionMissing(Invalid):
    """Multilateral netting needs a convention that the spaces signed."""

    code = "convention_missing"

    def __init__(self) -> None:
        super().__init__(
            "Multilateral netting needs the day on which the spaces signed its convention: "
            "give convention_signed_on, or net bilaterally."
        )


class CurrenciesDiffer(Invalid):
    """Two networks that settle with each other count in the same currency."""

    code = "currencies_differ"

    def __init__(self, home: str, host: str) -> None:
        self.home, self.host = home, host
        super().__init__(f"{home} and {host} count in different currencies and can not settle.")


class EmailInvalid(Invalid):
    """What should be an e-mail address is none, or several."""

    code = "email_invalid"

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"`{address[:100]}` is no e-mail address: write one, like anne@lieu.fr.")


class MailServerMissing(Conflict):
    """There is no server to send mails by."""

    code = "mail_server_missing"

    def __init__(self) -> None:
        super().__init__("No mail server is set: set COWOPASS_SMTP_URL, then send again.")


class JsonInvalid(Invalid):
    """A body is not the JSON that it says it is."""

    code = "json_invalid"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"The body is no JSON: {reason}.")


class NestedTooDeep(Invalid):
    """Objects and lists stand in each other deeper than anything the API takes."""

    code = "nested_too_deep"

    def __init__(self, deepest: int) -> None:
        self.deepest = deepest
        super().__init__(f"The body is nested deeper than {deepest} levels.")


class BindingCodeWrong(Invalid):
    """A code is not the one that was given, was used, or is too old; `tries_left` of it are."""

    code = "binding_code_wrong"

    def __init__(self, pass_id: str, tries_left: int) -> None:
        self.pass_id, self.tries_left = pass_id, tries_left
        remedy = f"{tries_left} tries are left" if tries_left else "ask for a new one"
        super().__init__(f"This code is not the right one: {remedy}.")


class JournalInvalid(Invalid):
    """An entry of a desk's journal is damaged, or not signed by the key that it names."""

    code = "journal_invalid"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"This entry of a journal can not be read: {reason}.")


class DataInvalid(Invalid):
    """A file or body has errors; each says where and what. Nothing was written.

    `errors` is a list of {"path", "message"}, and "code" where a rule of its own was broken.
    """

    code = "data_invalid"

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        self.errors = errors
        lines = "\n".join(f"  {self._line(error)}" for error in errors)
        super().__init__(f"Nothing was written. Mend these and try again:\n{lines}")

    def _line(self, error: dict[str, Any]) -> str:
        code = error.get("code", self.code)
        line = f"{error['path']}: {error['message']}"
        return line if code == self.code else f"{line} ({code})"


class PartyIncomplete(Conflict):
    """A space or the fund lacks what a bank needs; `missing` has the keys by participant."""

    code = "party_incomplete"

    def __init__(self, missing: dict[str, list[str]]) -> None:
        self.missing = missing
        self.who = "; ".join(f"{slug}: {', '.join(keys)}" for slug, keys in missing.items())
        super().__init__(f"A payment needs more of {self.who}. Load it with the network file.")


class CurrencyForeign(Invalid):
    """An amount is in another currency than the one that counts here."""

    code = "currency_foreign"

    def __init__(self, found: str, expected: str) -> None:
        self.found, self.expected = found, expected
        super().__init__(f"{found} is not taken here: the amounts must be in {expected}.")


class BankFileUnreadable(Invalid):
    """A file is no bank statement that can be read; nothing of it was taken."""

    code = "bank_file_unreadable"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"This is no bank statement that can be read: {reason}.")


class BankAmountUnreadable(Invalid):
    """An amount in a bank statement is none; nothing of the file was taken."""

    code = "bank_amount_unreadable"

    def __init__(self, place: str, text: str) -> None:
        self.place, self.text = place, text[:40]
        super().__init__(f"Entry {place}: `{text[:40]}` is no amount. Nothing was imported.")


class BankDayUnreadable(Invalid):
    """A day in a bank statement is none; nothing of the file was taken."""

    code = "bank_day_unreadable"

    def __init__(self, place: str, text: str) -> None:
        self.place, self.text = place, text[:40]
        super().__init__(f"Entry {place}: `{text[:40]}` is no day. Nothing was imported.")


class BankAccountUnknown(Invalid):
    """A bank statement is of an account of nobody in the network, or not of the one named."""

    code = "bank_account_unknown"

    def __init__(self, iban: str, network: str) -> None:
        self.iban, self.network = iban or "?", network
        super().__init__(
            f"The account {self.iban} is of no space of {network}, nor of its fund, or is not in "
            "this file. Nothing was imported."
        )


class BankAccountNeeded(Invalid):
    """A CSV file does not say of which account it is."""

    code = "bank_account_needed"

    def __init__(self) -> None:
        super().__init__("Say of which account this file is: --account IBAN.")


class BankEntryUnknown(Unknown):
    """No entry of a bank statement has this id in the network."""

    code, what = "bank_entry_unknown", "bank entry"


class BankEntrySettled(Conflict):
    """A bank entry was matched already, or the transfers named are not those it can pay."""

    code = "bank_entry_settled"

    def __init__(self, entry: str) -> None:
        self.entry = entry
        super().__init__(f"The bank entry {entry} can not be matched like that any more.")


class BankEntryAmbiguous(Conflict):
    """A bank entry may be of several transfers, and nobody has named which."""

    code = "bank_entry_ambiguous"

    def __init__(self, entry: str, options: list[list[str]]) -> None:
        self.entry, self.options = entry, options
        told = " or ".join(" with ".join(option) for option in options)
        super().__init__(f"The bank entry {entry} may pay {told}: name the transfers.")


class PaymentTooLarge(Invalid):
    """More than what is left of the transfer, in cents."""

    code = "payment_too_large"

    def __init__(self, transfer: str, left_cents: int) -> None:
        self.transfer, self.left_cents = transfer, left_cents
        super().__init__(f"Only {left_cents} cents of the transfer {transfer} are left to pay.")


class HolderAmbiguous(Conflict):
    """An e-mail address is that of several holders, so it does not say which one is meant."""

    code = "holder_ambiguous"

    def __init__(self, named: str, holders: list[tuple[str, str]]) -> None:
        self.holders = holders
        told = ", ".join(f"{holder} (of {home})" for holder, home in holders)
        super().__init__(f"Several holders have the address `{named}`: {told}. Name one by its id.")


class CsvHeaderWrong(Invalid):
    """The first line of a CSV file is not the header that was asked for."""

    code = "csv_header_wrong"

    def __init__(self, wanted: list[str], found: list[str]) -> None:
        self.wanted, self.found = wanted, found
        super().__init__(
            f"The first line must be `{','.join(wanted)}`, but is `{','.join(found)[:200]}`."
        )


class CsvUnreadable(Invalid):
    """A CSV file can not be read from a line on; the rows before it were taken."""

    code = "csv_unreadable"

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        super().__init__(f"Line {line} {reason}.")


class OutputUnwritable(Invalid):
    """A file or folder to write to can not be written. What was there is as it was."""

    code = "output_unwritable"

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path} can not be written: {reason}. Name another place.")


class DocumentUnreadable(Invalid):
    """A file to verify can not be read as an exported month, a statement or a set of keys."""

    code = "document_unreadable"

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path} can not be read: {reason}.")


class BackupInvalid(Invalid):
    """A file is no backup that can be restored here."""

    code = "backup_invalid"

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path} is no backup to restore: {reason}.")


class DemoForbidden(Conflict):
    """The demonstration does not mix with real people's passes."""

    code = "demo_forbidden"

    def __init__(self) -> None:
        super().__init__("The demonstration is not loaded where COWOPASS_ENV is production.")
