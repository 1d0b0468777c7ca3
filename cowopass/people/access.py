"""Who is asking, and what that allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from cowopass.errors import PasskeyRequired, RoleForbidden

Role = Literal["operator", "treasurer", "host", "device"]
ROLES: tuple[Role, ...] = get_args(Role)


class Grant(NamedTuple):
    """A role, and the network or space it is limited to.

    `space` on a treasurer's grant says which space she belongs to, if any.
    """

    role: Role
    network: str | None = None
    space: str | None = None


@dataclass(frozen=True)
class Caller:
    """The one behind a request: a token with one grant, or a person with all of hers.

    `id` is the token's or person's. `is_proven` is false for somebody who signed in by a mailed
    link where a passkey is asked for.
    """

    id: str
    grants: tuple[Grant, ...]
    is_proven: bool = True

    @property
    def is_operator(self) -> bool:
        """Whether the whole instance is hers."""
        return any(grant.role == "operator" for grant in self.grants)

    @property
    def hosted(self) -> frozenset[str]:
        """The spaces she is a host of."""
        return frozenset(grant.space for grant in self._of_role("host") if grant.space)

    @property
    def spaces(self) -> frozenset[str]:
        """The spaces she belongs to, as their host or as a treasurer who comes from there."""
        return frozenset(grant.space for grant in self._of_role("host", "treasurer") if grant.space)

    def hosted_in(self, network: str) -> frozenset[str]:
        """Return the spaces of a network that she is a host of."""
        return frozenset(
            grant.space
            for grant in self._of_role("host")
            if grant.space and grant.network == network
        )

    def serves(self, space: str, *roles: Role) -> bool:
        """Return whether she has one of the roles at this very space, or is the operator."""
        return self.is_operator or any(grant.space == space for grant in self._of_role(*roles))

    def keeps(self, network: str) -> bool:
        """Return whether she is the treasurer of this network, or the operator."""
        return self.is_operator or any(
            grant.network == network for grant in self._of_role("treasurer")
        )

    def belongs(self, network: str) -> bool:
        """Return whether she works in this network: its treasurer, its hosts, the operator."""
        return self.keeps(network) or bool(self.hosted_in(network))

    def must_serve(self, space: str, *roles: Role) -> None:
        """Let pass the operator, and who has one of the roles at this very space.

        Raises RoleForbidden, which names what is needed.
        """
        if not self.serves(space, *roles):
            raise RoleForbidden(f"the role {' or '.join(roles)} at the space `{space}`")

    def must_keep(self, network: str) -> None:
        """Let pass the operator and the treasurer of this network. Raises RoleForbidden."""
        if not self.keeps(network):
            raise RoleForbidden(f"the role treasurer of the network `{network}`")

    def must_settle(self, network: str) -> None:
        """Let pass who may lock a month of this network, or record what was paid.

        That moves money, so a person must have signed in with a passkey where that is asked for.
        Raises RoleForbidden or PasskeyRequired.
        """
        self.must_keep(network)
        if not self.is_proven:
            raise PasskeyRequired

    def must_belong(self, network: str) -> None:
        """Let pass who works in this network: its treasurer, its hosts, the operator."""
        if not self.belongs(network):
            raise RoleForbidden(f"the role treasurer or host in the network `{network}`")

    def must_operate(self) -> None:
        """Let pass the operator of the instance alone. Raises RoleForbidden."""
        if not self.is_operator:
            raise RoleForbidden("a token with role operator")

    def _of_role(self, *roles: Role) -> tuple[Grant, ...]:
        return tuple(grant for grant in self.grants if grant.role in roles)


def caller_with(
    caller_id: str, role: Role, network: str | None = None, space: str | None = None
) -> Caller:
    """Return a caller with one grant, as every API token is."""
    return Caller(caller_id, (Grant(role, network, space),))
