"""Who is asking, and what that allows."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

from cowopass.errors import RoleForbidden

Role = Literal["operator", "treasurer", "host", "device"]
ROLES: tuple[Role, ...] = get_args(Role)


class Caller(NamedTuple):
    """The one behind a request: a token's role, and the network or space it is limited to."""

    token_id: str
    role: Role
    network: str | None
    space: str | None

    def must_serve(self, space: str, *roles: Role) -> None:
        """Let pass the operator, and who has one of the roles at this very space.

        Raises RoleForbidden, which names what is needed.
        """
        if self.role == "operator" or (self.role in roles and self.space == space):
            return
        raise RoleForbidden(f"a token with role {' or '.join(roles)} of the space `{space}`")

    def must_keep(self, network: str) -> None:
        """Let pass the operator and the treasurer of this network. Raises RoleForbidden."""
        if self.role == "operator" or (self.role == "treasurer" and self.network == network):
            return
        raise RoleForbidden(f"a token with role treasurer of the network `{network}`")

    def must_belong(self, network: str) -> None:
        """Let pass who works in this network: its treasurer, its hosts, the operator."""
        if self.role == "operator" or (self.network == network and self.role != "device"):
            return
        raise RoleForbidden(f"a treasurer's or host's token of the network `{network}`")

    def must_operate(self) -> None:
        """Let pass the operator of the instance alone. Raises RoleForbidden."""
        if self.role != "operator":
            raise RoleForbidden("a token with role operator")
