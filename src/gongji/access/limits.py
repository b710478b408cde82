"""The limits of signing in, in one place, each with its reason (GB/T 22239-2019 三级 8.1.4.1 身份鉴别, 8.1.4.2 访问控制).

The standard asks for limited wrong sign-ins, an end of idle sessions and two factors; how many and how long is the operator's
decision. These are no numbers of the insurance's law.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from gongji.access.roles import SEPARATE

TRIES: Final = 5
"""Wrong passwords or codes of one account in a row: enough for a slip, hopeless for guessing."""
TRIES_AT_ADDRESS: Final = 60
"""Tries without a sign-in from one address: a hospital's desks share one, so it is more than a person would need."""
TRIES_WITHIN: Final = timedelta(minutes=15)
"""Within which tries count, and after which a stopped account may try again by itself."""
KNOWN_WITHIN: Final = timedelta(days=30)
"""Where an account has signed in lately only its own tries from there count: guessing from elsewhere shuts nobody out at work."""

PASSWORD_LENGTH: Final = 10
PASSWORD_LONGEST: Final = 128
"""A longer one would only cost work at every try."""

SESSIONS: Final = 3
"""Complete sessions of an account at a time: a desk, a second desk, a telephone. The oldest ends for a fourth."""
LONGEST: Final = timedelta(hours=12)
"""A session of a shift, whatever is done in it."""
UNFINISHED: Final = timedelta(minutes=10)
"""Between the password and the last step of signing in."""
IDLE: Final = timedelta(minutes=30)
IDLE_OFFICER: Final = timedelta(minutes=15)
"""The three officers have the most to lose."""
SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly a session knows when it was last used; sparing a write with every page."""

CODE_STEP_S: Final = 30
CODE_STEPS_AROUND: Final = 1
"""A one-time code is taken one step early or late: clocks differ."""


def idle(roles: Iterable[str]) -> timedelta:
    """How long a session with these roles may lie idle."""
    return IDLE_OFFICER if SEPARATE & set(roles) else IDLE
