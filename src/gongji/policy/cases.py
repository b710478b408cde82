"""Laws for case files: a library with fixtures, with single values changed, or with a case file's own
``parameters:`` block.

A case file states amounts in yuan and ratios as decimals ("0.65"); here they become a document like any
other, so that the same loader checks them. A policy that the library knows (SX, QY) keeps its refusal rules
and every value that the block states alike, with its article; a policy of another name is a law of its own
under the nation's rules.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from gongji.base.money import format_percent, format_yuan, parse_decimal, parse_yuan
from gongji.policy.law import Law, compile_law
from gongji.policy.loader import extend_library, load_library
from gongji.policy.model import Library, LibraryError, Problem

CASE_REGIONS = {"SX": "14", "QY": "6210"}
_OTHER_REGION = "99"
_FIRST_DAY = date(2023, 1, 1)
_BLOCK_KEYS = frozenset(
    (
        *("effective_from", "effective_to", "unconfirmed", "inferred"),
        *("deductible", "annual_deductible", "annual_deductible_ceiling", "ratio", "cap", "prepay"),
    )
)
_FIXTURES: dict[str, tuple[tuple[str, str], ...]] = {
    "area_prepay_ratio": (
        ("prepay.b_drug", "rate"),
        ("prepay.b_consumable", "rate"),
        ("prepay.b_service", "rate"),
    ),
    "chronic_ratio": (("chronic.rate", "rate"),),
    "inpatient_deductible": (("as_inpatient.deductible.per_year", "money"),),
    "inpatient_ratio": (("as_inpatient.rate.pool", "rate"),),
    "inpatient_cap": (("as_inpatient.ceiling.per_year", "money"),),
}
_PERSON_FIXTURES = frozenset({"chronic_quota_left"})
"""Fixtures that belong to the person's record, not to the law."""
_GENERIC_REFUSALS = (
    {"reason": "NOT_INSURED", "when": {"insured": "no"}, "rank": 10},
    {"reason": "ARREARS", "when": {"arrears": "yes"}, "rank": 25},
    {"reason": "WAITING_PERIOD", "when": {"waiting": "yes"}, "rank": 26},
    {"reason": "NOT_DESIGNATED", "when": {"designated": "no", "emergency": "no"}, "rank": 40},
    {
        "reason": "NOT_POOLED_PROVIDER",
        "when": {"designated": "yes", "pooled_agreement": "no", "offsite": "none"},
        "rank": 41,
    },
    {"reason": "NO_VALID_VOUCHER", "when": {"voucher": "no"}, "rank": 50},
)


def case_region(policy: str) -> str:
    """The region that stands for the ``policy`` of a case: 14 for SX, 6210 for QY, 99 for any other name."""
    return CASE_REGIONS.get(policy, _OTHER_REGION)


def law_with_fixtures(law: Law, region: str, fixtures: Mapping[str, str] | None) -> Law:
    """``law`` with a case's fixtures filling what no document fixes in ``region``; a fixed value is never
    changed by them.

    Raises LibraryError for a fixture nobody knows.
    """
    sets: dict[str, object] = {}
    for name, text in (fixtures or {}).items():
        if name in _FIXTURES:
            sets |= {
                key: _percent(text, name) if kind == "rate" else _yuan(text, name)
                for key, kind in _FIXTURES[name]
            }
        elif name not in _PERSON_FIXTURES:
            raise LibraryError((Problem(f"不认识的 fixture: {name}"),))
    if "as_inpatient.rate.pool" in sets:
        sets.setdefault("as_inpatient.ceiling.per_year", "none")
    return _extended(law.library, _document("FIXTURES", region, sets, fills=True)) if sets else law


def overridden(
    law: Law, region: str, cells: Mapping[str, object], since: date = _FIRST_DAY, until: date | None = None
) -> Law:
    """``law`` with ``cells`` changed in ``region`` from ``since`` on: parameter → value in the form of the
    YAML.

    ``{"rate.pool": {"active": {"class3": "70%"}}, "ceiling.per_year": "2600.00"}``. Raises LibraryError.
    """
    document = _document("OVERRIDE", region, dict(cells), since=since, until=until)
    document["overrides"] = [{"document": "*"}]
    return _extended(law.library, document)


def from_case_parameters(
    policy: str,
    blocks: Sequence[Mapping[str, object]],
    fixtures: Mapping[str, str] | None = None,
    library: Library | None = None,
) -> Law:
    """The law of a case file's ``parameters:`` for one policy. Ask it for region ``case_region(policy)``.

    ``blocks``: effective_from, effective_to, deductible or annual_deductible, annual_deductible_ceiling,
    ratio, cap, prepay. Raises LibraryError with everything that is wrong with them.
    """
    region = case_region(policy)
    document = _case_document(policy, region, blocks)
    law = _extended(library or load_library(), document)
    return law_with_fixtures(law, region, fixtures)


def _extended(library: Library, document: Mapping[str, object]) -> Law:
    return compile_law(extend_library(library, document))


def _document(
    identity: str,
    region: str,
    sets: dict[str, object],
    since: date = _FIRST_DAY,
    until: date | None = None,
    fills: bool = False,
) -> dict[str, object]:
    return {
        "document": {
            "id": identity,
            "number": "测试用例",
            "title": "测试用例的参数，非政策规定",
            "region": region,
            "status": "operator",
        },
        "in_force": {"from": since, "until": until},
        "fills": fills,
        "provisions": [{"clause": f"{identity}.1", "text": "测试用例的参数", "sets": sets}],
    }


def _case_document(policy: str, region: str, blocks: Sequence[Mapping[str, object]]) -> dict[str, object]:
    if not blocks:
        raise LibraryError((Problem(f"parameters.{policy} 是空的"),))
    for block in blocks:
        strange = set(block) - _BLOCK_KEYS
        if strange:
            raise LibraryError((Problem(f"parameters.{policy} 里没有 {'、'.join(sorted(strange))} 这个键"),))
    starts = [_day(block.get("effective_from"), _FIRST_DAY) for block in blocks]
    ends = [_day(block.get("effective_to"), None) for block in blocks]
    document = _document(f"CASE-{policy}", region, {}, min(day for day in starts if day), None)
    document["overrides"] = [{"document": "*"}]
    document["declares"] = _case_declarations(region, blocks)
    provisions: list[object] = [
        {
            "clause": f"CASE-{policy}.{number}",
            "text": "测试用例的参数",
            "from": start,
            "until": end,
            "sets": _case_sets(block),
        }
        for number, (block, start, end) in enumerate(zip(blocks, starts, ends, strict=True), 1)
    ]
    if region == _OTHER_REGION:
        # The nation's own rules (four exclusions, prescriptions) come from the library.
        provisions.append(
            {
                "clause": f"CASE-{policy}.0",
                "text": "通用的不予支付情形；甲类没有先行自付",
                "sets": {"prepay.a": "0%"},
                "refuses": list(_GENERIC_REFUSALS),
            }
        )
    document["provisions"] = provisions
    return document


def _case_declarations(region: str, blocks: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Dimensions as deep as the blocks nest them; a policy of its own brings its places."""
    dims: dict[str, list[str]] = {}
    places: dict[str, None] = {}
    for block in blocks:
        for name, key in (
            ("deductible", "deductible.per_visit"),
            ("ratio", "rate.pool"),
            ("cap", "ceiling.per_year"),
        ):
            dims[key] = _dims(block.get(name), dims.get(key, []), places)
    declared: dict[str, object] = {"by": dims}
    if region == _OTHER_REGION and places:
        declared["attributes"] = {"place": list(places)}
    return declared


def _dims(value: object, known: list[str], places: dict[str, None]) -> list[str]:
    """Attributes by which a value is nested: status, then place."""
    found = []
    while isinstance(value, Mapping) and value:
        keys = [str(key) for key in value]
        by_status = set(keys) <= {"active", "retired", "*"}
        found.append("status" if by_status else "place")
        if not by_status:
            places.update(dict.fromkeys(key for key in keys if key != "*"))
        branches = list(value.values())
        for branch in branches[1:]:
            _dims(branch, [], places)
        value = branches[0]
    return found or known


def _case_sets(block: Mapping[str, object]) -> dict[str, object]:
    sets: dict[str, object] = {
        "deductible.year_stop": _limit(block.get("annual_deductible_ceiling"), "annual_deductible_ceiling")
    }
    if block.get("annual_deductible") is not None:
        sets["deductible.per_year"] = _leaves(block["annual_deductible"], _limit, "annual_deductible")
    if block.get("deductible") is not None:
        sets["deductible.per_visit"] = _leaves(block["deductible"], _limit, "deductible")
    if "ratio" in block:
        sets["rate.pool"] = _leaves(block["ratio"], _percent, "ratio")
    if "cap" in block:
        sets["ceiling.per_year"] = _leaves(block["cap"], _limit, "cap")
    prepay = block.get("prepay")
    for name, text in prepay.items() if isinstance(prepay, Mapping) else ():
        sets[f"prepay.b_{name}"] = "unspecified" if text == "area" else _percent(text, f"prepay.{name}")
    return sets


def _leaves(value: object, convert: object, what: str) -> object:
    if isinstance(value, Mapping):
        return {str(key): _leaves(item, convert, what) for key, item in value.items()}
    return convert(value, what) if callable(convert) else value


def _limit(value: object, what: str) -> str:
    return "none" if value is None else _yuan(value, what)


def _yuan(value: object, what: str) -> str:
    try:
        return format_yuan(parse_yuan(_text(value, what)))
    except ValueError as error:
        raise LibraryError((Problem(f"{what}: {error}"),)) from error


def _percent(value: object, what: str) -> str:
    """``"0.65"`` or ``"65%"`` as a percentage."""
    text = _text(value, what)
    try:
        return text if text.endswith("%") else format_percent(parse_decimal(text, 4))
    except ValueError as error:
        raise LibraryError((Problem(f"{what}: {error}"),)) from error


def _text(value: object, what: str) -> str:
    """Amounts and ratios are text or whole numbers; a float has already lost what was written."""
    if isinstance(value, float | bool) or not isinstance(value, str | int):
        raise LibraryError((Problem(f"{what} 的数值须加引号: {value!r}"),))
    return str(value)


def _day(value: object, default: date | None) -> date | None:
    if value is None:
        return default
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise LibraryError((Problem(f"不是日期: {value}"),)) from error
