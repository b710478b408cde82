"""The plot: scenes with their instants, played in the order of time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from gongji.base.times import CHINA
from gongji.project.history.hands import Hands
from gongji.project.history.money import Money
from gongji.project.history.prescribed import Prescribed
from gongji.project.history.shelves import Shelves
from gongji.project.story.cast import Good, good_of

__all__ = ["Play", "Plot"]

Play = Callable[[], Awaitable[object]]


@dataclass
class Plot:
    """What happens when. ``until`` is the real time of the first start: nothing happens after it."""

    hands: Hands
    until: datetime
    region: str
    shelves: Shelves = field(init=False)
    rx: Prescribed = field(init=False)
    money: Money = field(init=False)
    _scenes: list[tuple[datetime, int, Play]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shelves = Shelves(self.hands)
        self.rx = Prescribed(self.hands, self.shelves)
        self.money = Money(self.hands, self.region)

    @property
    def today(self) -> date:
        return self.until.astimezone(CHINA).date()

    @property
    def begins_on(self) -> date:
        """The January of last year."""
        return date(self.today.year - 1, 1, 2)

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of the months from the beginning to this one."""
        count = 12 + self.today.month
        return tuple(date(self.begins_on.year + number // 12, number % 12 + 1, 1) for number in range(count))

    def good(self, name: str, quantity: int = 1) -> Good:
        return good_of(self.hands.world, name, quantity)

    def on(self, day: date, hour: int, minute: int, play: Play) -> None:
        """A scene at that time of the day; before the beginning and after the end there is none."""
        at = datetime.combine(day, time(hour, minute), CHINA)
        if day >= self.begins_on and at < self.until - timedelta(hours=3):
            self._scenes.append((at, len(self._scenes), play))

    def ago(self, days: int, hour: int, minute: int, play: Play) -> None:
        """A scene so many days before the end."""
        self.on(self.today - timedelta(days=days), hour, minute, play)

    def just(self, minutes: int, play: Play) -> None:
        """A scene so many minutes before the end, of the last three hours."""
        self._scenes.append((self.until - timedelta(minutes=minutes), len(self._scenes), play))

    async def told(self) -> None:
        """Play every scene."""
        for at, _, play in sorted(self._scenes, key=lambda scene: scene[:2]):
            self.hands.clock.turn(at)
            await play()
