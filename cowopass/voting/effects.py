"""What a passed proposal changes: an agreement, a charter, or who takes part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy.orm import Session

from clearing.period import month_of
from cowopass.acts.service import record_act
from cowopass.config import Config
from cowopass.networks.agreements import Version, Voted, find_faults, save_agreement
from cowopass.networks.models import Network
from cowopass.people.access import caller_with
from cowopass.people.team import Guest, Post, invite
from cowopass.spaces.membership import standing_of
from cowopass.spaces.models import Space
from cowopass.spaces.service import save_space
from cowopass.voting.charters import save_charter
from cowopass.voting.matters import check_last, merged_fields
from cowopass.voting.models import Proposal
from cowopass.voting.past import past_of
from cowopass.voting.rules import CharterTerms, Kind

_VOTE = caller_with("vote", "operator")
"""In whose name a passed vote acts: the spaces decided, nobody's role is asked for."""


def carry_out(session: Session, config: Config, proposal: Proposal) -> None:
    """Write what a passed and signed proposal decided. Raises what writing it refuses."""
    _CARRIED_OUT[cast(Kind, proposal.kind)](session, config, proposal)


def decided_version(session: Session, proposal: Proposal) -> dict[str, Any] | None:
    """Return the version of an agreement that a rule makes, as its record shows it.

    The fields are those in force when it takes effect, with what was voted. Raises DataInvalid.
    """
    if proposal.kind != "rule":
        return None
    version = _version_of(session, proposal)
    signed_on = version.fields["convention_signed_on"]
    return {
        "id": version.id,
        **version.fields,
        "convention_signed_on": signed_on.isoformat() if signed_on else None,
    }


def _version_of(session: Session, proposal: Proposal) -> Version:
    details = proposal.details
    fields = merged_fields(session, details, proposal.effective_on)
    return Version(details["home"], details["host"], month_of(proposal.effective_on), fields)


def _rule(session: Session, _config: Config, proposal: Proposal) -> None:
    version = _version_of(session, proposal)
    home, host = (session.get_one(Network, slug) for slug in (version.home, version.host))
    for _, fault in find_faults(version.fields, home, host):
        raise fault
    check_last(session, version)
    voted = Voted(proposal.id, (proposal.records or {})[version.host])
    save_agreement(session, version, past_of(session), voted)


def _charter(session: Session, _config: Config, proposal: Proposal) -> None:
    network = session.get_one(Network, proposal.network)
    terms = CharterTerms(**proposal.details)
    save_charter(session, network, terms, proposal.effective_on, proposal.id)


def _join(session: Session, config: Config, proposal: Proposal) -> None:
    slug, details = str(proposal.space), proposal.details
    space = session.get(Space, slug)
    columns = {"name": details["name"]}
    if space is not None:
        columns["leaves_on"] = None
    if space is not None and _stays(space, proposal.effective_on):
        columns["sold_days"] = None
    else:
        # What was voted on its passes when it left holds until it is back.
        columns["joins_on"] = proposal.effective_on
    save_space(session, slug, proposal.network, columns)
    _record(session, "space_joins", proposal)
    if proposal.guest_email:
        guest = Guest(proposal.guest_email, details["name"])
        invite(session, config, _VOTE, Post("host", slug), guest)


def _stays(space: Space, joins_on: date) -> bool:
    """Say whether a space is a member until the day before it joins: then it never left."""
    return standing_of(space).takes_part(joins_on - timedelta(days=1))


def _leave(session: Session, _config: Config, proposal: Proposal) -> None:
    space = _space_of(session, proposal)
    space.leaves_on = proposal.effective_on
    space.sold_days = proposal.details["sold_days"]
    _record(session, "space_leaves", proposal)


def _suspend(session: Session, _config: Config, proposal: Proposal) -> None:
    space = _space_of(session, proposal)
    space.suspended_on, space.reinstated_on = proposal.effective_on, None
    _record(session, "space_suspended", proposal)


def _reinstate(session: Session, _config: Config, proposal: Proposal) -> None:
    _space_of(session, proposal).reinstated_on = proposal.effective_on
    _record(session, "space_reinstated", proposal)


def _space_of(session: Session, proposal: Proposal) -> Space:
    return session.get_one(Space, proposal.space)


def _record(session: Session, act: str, proposal: Proposal) -> None:
    record_act(
        session,
        act,
        network=proposal.network,
        space=proposal.space,
        subject=proposal.id,
        on=proposal.effective_on.isoformat(),
    )


_CARRIED_OUT: dict[Kind, Callable[[Session, Config, Proposal], None]] = {
    "rule": _rule,
    "join": _join,
    "leave": _leave,
    "suspend": _suspend,
    "reinstate": _reinstate,
    "charter": _charter,
}
