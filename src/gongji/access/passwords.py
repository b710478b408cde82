"""Passwords: argon2 by Django's hasher, the rules for a new one, and a check that takes as long for a name that nobody has.

Hashing has two threads of its own: a flood of tries waits in a queue and does not take the memory or the event loop of others.
"""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator

from gongji.access.limits import PASSWORD_LENGTH, PASSWORD_LONGEST

__all__ = ["Hasher", "fault_of", "fresh", "hashed", "matches"]

THREADS: Final = 2
LETTERS: Final = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without characters that are mistaken for one another on paper."""
FRESH_LENGTH: Final = 14
WHOLE_WORD: Final = 3

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="password")


class Hasher(Argon2PasswordHasher):
    """argon2id with 46 MiB, one lane and three passes: above OWASP's least, and small enough for a server with many workers."""

    time_cost = 3
    memory_cost = 47_104
    parallelism = 1


def fault_of(password: str, *names: str) -> str:
    """Why ``password`` is not good enough for somebody with these names, in Chinese; "" when it is."""
    if len(password) < PASSWORD_LENGTH:
        return f"密码至少 {PASSWORD_LENGTH} 个字符。"
    if len(password) > PASSWORD_LONGEST:
        return f"密码最多 {PASSWORD_LONGEST} 个字符。"
    lowered = password.casefold()
    if any(len(name) >= WHOLE_WORD and name.casefold() in lowered for name in names):
        return "密码不能包含登录名或姓名。"
    if len(set(lowered)) < WHOLE_WORD:
        return "密码不能只由一两个字符重复组成。"
    return "这个密码太常见，请换一个。" if lowered.strip() in _common().passwords else ""


def fresh() -> str:
    """An initial password that nobody can guess, for its owner's first sign-in."""
    return "".join(secrets.choice(LETTERS) for _ in range(FRESH_LENGTH))


async def hashed(password: str) -> str:
    """``password`` as it is stored."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hash, password)


async def matches(password: str, stored: str | None) -> bool:
    """Whether ``password`` is the stored one. Without a stored one the answer is no, after the same work."""
    loop = asyncio.get_running_loop()
    given = password[:PASSWORD_LONGEST]
    right = await loop.run_in_executor(_threads, lambda: Hasher().verify(given, stored or _nobody()))
    return bool(right) and bool(stored)


def _hash(password: str) -> str:
    hasher = Hasher()
    return str(hasher.encode(password, hasher.salt()))


@cache
def _common() -> CommonPasswordValidator:
    return CommonPasswordValidator()


@cache
def _nobody() -> str:
    """The hash of a password that nobody knows."""
    return _hash(secrets.token_urlsafe())
