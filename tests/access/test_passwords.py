"""Passwords: rules for a new one, argon2, the same work for a name that nobody has."""

from __future__ import annotations

import time

import pytest

from gongji.access.limits import PASSWORD_LENGTH, PASSWORD_LONGEST
from gongji.access.passwords import fault_of, fresh, hashed, matches


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "至少"), ("a" * (PASSWORD_LENGTH - 1), "至少"), ("ab" * PASSWORD_LONGEST, "最多"), ("my-Zhang-is-long", "登录名"),
        ("xx张建国xx12345", "姓名"), ("abababababab", "一两个字符"), ("password123", "太常见"), ("Password123", "太常见"),
    ],
)  # fmt: skip
def test_a_weak_password_is_refused_with_its_reason(password: str, said: str) -> None:
    assert said in fault_of(password, "zhang", "张建国")


@pytest.mark.parametrize("password", ["three words here", "四个不相干的词语连起来", "aB3$aB3$xY"])
def test_a_good_password_is_taken(password: str) -> None:
    assert fault_of(password, "zhang", "张三") == ""


async def test_what_is_stored_is_argon2id_with_a_salt_of_its_own() -> None:
    first, second = await hashed("three words here"), await hashed("three words here")
    assert first.startswith("argon2$argon2id$")
    assert first != second
    assert await matches("three words here", first)
    assert not await matches("three words here ", first)


@pytest.mark.parametrize("stored", [None, ""])
async def test_an_account_without_a_password_is_not_opened_by_any(stored: str | None) -> None:
    assert not await matches("", stored)
    assert not await matches("three words here", stored)


async def test_a_name_that_nobody_has_costs_the_work_of_a_wrong_password() -> None:
    stored = await hashed("three words here")
    await matches("x", None)
    took = []
    for known in (stored, None):
        began = time.perf_counter()
        for _ in range(3):
            await matches("wrong", known)
        took.append(time.perf_counter() - began)
    assert took[1] > took[0] / 5


def test_initial_passwords_keep_the_rules_and_never_repeat() -> None:
    made = {fresh() for _ in range(200)}
    assert len(made) == 200
    assert all(fault_of(password) == "" for password in made)
