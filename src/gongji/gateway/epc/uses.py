"""What a worker remembers of believed messages: under which function each came, because the address is not signed, and how its
channel signs, so that the next one is verified at the first try.
"""

from collections import OrderedDict

from gongji.gateway.epc.envelope import MANNERS, Manner
from gongji.gateway.signature import WINDOW_MS

REMEMBERED = 100_000
"""Messages kept at most; under more traffic than that within the window the oldest are forgotten first."""


class Uses:
    """Under which function each believed message first came, for as long as its timestamp would be taken; per process."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, tuple[int, str]] = OrderedDict()
        self._manners: dict[str, Manner] = {}

    def manner(self, app_id: str) -> Manner:
        """How the channel signed last."""
        return self._manners.get(app_id, MANNERS[0])

    def signed(self, app_id: str, manner: Manner) -> None:
        """The channel has signed in this manner."""
        self._manners[app_id] = manner

    def note(self, digest: bytes, infno: str, now_ms: int) -> bool:
        """Whether the message may be used for this function: new, or seen under the same one."""
        while self._seen:
            first = next(iter(self._seen))
            if len(self._seen) <= REMEMBERED and now_ms - self._seen[first][0] <= 2 * WINDOW_MS:
                break
            del self._seen[first]
        return self._seen.setdefault(digest, (now_ms, infno))[1] == infno
