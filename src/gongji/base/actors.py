"""Who does something: an officer of the agency, an institution's software, a member, or the system itself."""

from typing import Literal

import msgspec

__all__ = ["SYSTEM", "Actor", "Kind"]

Kind = Literal["agency", "institution", "member", "system"]


class Actor(msgspec.Struct, frozen=True):
    """Stated with every change; ``str`` is the form in which facts keep it, and by which four eyes are told apart."""

    kind: Kind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{' '.join(self.id.split())}"  # nobody is two persons by a space


SYSTEM = Actor("system", "gongji")
"""What nobody asked for: runs by the clock, the demonstration's data."""
