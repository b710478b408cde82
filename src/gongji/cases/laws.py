"""Which law a case is calculated by: the library, a file's own schemes and parameters, a case's fixtures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongji.base.money import format_percent, format_yuan
from gongji.base.os_errors import os_error_text
from gongji.base.reasons import Refusal
from gongji.cases import form
from gongji.cases.form import Case, CaseError, CaseFile
from gongji.cases.parameters import differences
from gongji.policy import (
    Law,
    Library,
    LibraryError,
    case_region,
    compile_law,
    from_case_parameters,
    law_with_fixtures,
    library_from_texts,
)
from gongji.policy.cases import CASE_REGIONS

if TYPE_CHECKING:
    from gongji.cases.insured.form import InsuredCase


class Laws:
    """The laws of one case file; each is compiled when a case first needs it.

    A policy is, in this order: a name of the file's ``regions``; a policy with a ``parameters:`` block that
    differs from the library (``overrides`` tells how); SX or QY; a region code. ``extra`` are law documents
    by name, such as an operator's overlay.
    """

    def __init__(self, file: CaseFile, extra: Mapping[str, str] | None = None) -> None:
        self.file = file
        self.library = self._load({**(extra or {}), **_scheme_texts(file)})
        self.overrides: dict[str, tuple[str, ...]] = {}
        self._stated: dict[str, list[Mapping[str, Any]]] = {}
        for name, blocks in file.parameters.items():
            self._state(name, blocks)
        self._known: dict[tuple[Any, ...], Law] = {}

    def _load(self, texts: dict[str, str]) -> Library:
        try:
            return library_from_texts(texts)
        except LibraryError as error:
            raise CaseError(f"{self.file.path}：政策文件不能使用：{error}") from None

    def _state(self, name: str, blocks: Any) -> None:
        """Take the file's own parameters of one policy only where they differ from the library."""
        if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
            raise CaseError(f"{self.file.path}：parameters 的 {name} 应是键值对的列表")
        if name in self.file.regions:
            raise CaseError(f"{self.file.path}：{name} 不能既在 parameters 又在 regions 里")
        try:
            found = differences(compile_law(self.library), CASE_REGIONS.get(name), blocks)
        except ValueError as error:
            raise CaseError(f"{self.file.path}：parameters 的 {name}：{error}") from None
        if found:
            self.overrides[name] = found
            self._stated[name] = blocks

    def region(self, case: Case | InsuredCase) -> str:
        """Region code of the case's policy. Raises CaseError for a name that nobody knows."""
        name = case.policy
        if name in self.file.regions:
            return self.file.regions[name]
        if name in self._stated or name in CASE_REGIONS:
            return case_region(name)
        home = compile_law(self.library).home(name)
        if isinstance(home, Refusal):
            raise CaseError(
                f"{self.file.path}：案例 {case.id}：不认识的政策“{name}”，应是 {'、'.join(CASE_REGIONS)}、地区代码，"
                "或在本文件的 parameters、regions 里写明"
            )
        return name

    def law(self, case: Case) -> Law:
        """The law with the case's fixtures filled in where no document fixes the value. Raises CaseError."""
        region, fixtures = self.region(case), _fixtures(case)
        key = (case.policy, *fixtures.items())
        if key not in self._known:
            try:
                self._known[key] = self._compile(case.policy, region, fixtures)
            except LibraryError as error:
                raise CaseError(f"{self.file.path}：案例 {case.id}：政策不能使用：{error}") from None
        return self._known[key]

    def policy_law(self, policy: str) -> Law:
        """The law of a policy without the fixtures of a case."""
        return self._compile(policy, "", {}) if policy in self._stated else compile_law(self.library)

    def _compile(self, policy: str, region: str, fixtures: dict[str, str]) -> Law:
        if policy in self._stated:
            return from_case_parameters(policy, self._stated[policy], fixtures, self.library)
        return law_with_fixtures(compile_law(self.library), region, fixtures)


def _scheme_texts(file: CaseFile) -> dict[str, str]:
    """Law documents that the file brings along, found beside it."""
    texts = {}
    for name in file.schemes:
        path = Path(file.path).parent / name
        try:
            texts[name] = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise CaseError(f"{file.path}：打不开政策文件 {name}（{os_error_text(error)}）") from None
        except UnicodeDecodeError:
            raise CaseError(f"{file.path}：政策文件 {name} 不是 UTF-8 编码") from None
    return texts


def _fixtures(case: Case) -> dict[str, str]:
    """The case's fixtures as written, in canonical order."""
    return {
        name: format_percent(number) if form.FIXTURES[name] == form.RATIO else format_yuan(number)
        for name, number in sorted(case.fixtures.items())
        if name != "chronic_quota_left"
    }
