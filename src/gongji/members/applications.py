"""What can be applied for (待遇申报), and what follows from its approval: a filing, an entitlement, a chosen institution.

Pure. An application that could not be approved as things stand is refused when it is made; approval decides anew. Transfers
(转院) are filings of a stay by referral. Source: national trades 2501, 2503, 2505; 晋医保办发〔2022〕27号 第二十四条;
晋政办发〔2021〕103号 二(二).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Final, TypeAlias

import msgspec

from gongji.base.reasons import Refusal
from gongji.members import validation, verbs_benefit, verbs_filing
from gongji.members.dossier import Dossier
from gongji.members.rows import ChronicRow, FilingRow, FixedRow
from gongji.members.writing import Plan
from gongji.policy import Law

__all__ = [
    "APPLICATIONS",
    "Application",
    "ChronicApplication",
    "ChronicTerms",
    "FixedApplication",
    "OffsiteApplication",
    "Private",
    "TransferApplication",
    "follows",
    "text_refusal",
]

TEXT_MAX: Final = 2_000


class Private(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an application says that only whoever handles it may read; kept sealed as a whole."""

    phone: str = ""
    address: str = ""
    condition: str = ""
    agent_name: str = ""
    agent_cert_type: str = ""
    agent_cert_no: str = ""
    agent_phone: str = ""
    agent_address: str = ""
    agent_relation: str = ""

    def __repr__(self) -> str:
        """Fit for a log."""
        return "Private(…)"


class TransferApplication(msgspec.Struct, frozen=True, kw_only=True):
    """转院备案 (2501): to an institution in another area, from the day of transfer."""

    kind: ClassVar[str] = "transfer"
    region: str
    institution: str
    institution_name: str
    transferred_on: date
    from_on: date
    until_on: date | None = None
    diagnosis_code: str = ""
    diagnosis_name: str = ""
    type: str = ""
    reason: str = ""
    opinion: str = ""
    agreed: str = ""
    visit: str = ""
    insutype: str = "310"


class OffsiteApplication(msgspec.Struct, frozen=True, kw_only=True):
    """异地就医备案: a long-term or temporary stay in an area."""

    kind: ClassVar[str] = "offsite"
    filing_kind: str
    subtype: str
    region: str
    from_on: date
    until_on: date | None = None
    memo: str = ""


class ChronicApplication(msgspec.Struct, frozen=True, kw_only=True):
    """门诊慢特病备案 (2503): the disease, and who found it when."""

    kind: ClassVar[str] = "chronic"
    disease_code: str
    disease_name: str
    from_on: date
    until_on: date | None = None
    institution: str = ""
    institution_name: str = ""
    examined_on: date | None = None
    doctor: str = ""
    doctor_name: str = ""
    operated_on: str = ""
    memo: str = ""
    insutype: str = "310"


class FixedApplication(msgspec.Struct, frozen=True, kw_only=True):
    """人员定点备案 (2505): an institution for a kind of business."""

    kind: ClassVar[str] = "fixed"
    biz_type: str
    sort_no: int
    institution: str
    institution_name: str
    from_on: date
    until_on: date | None = None
    operated_on: str = ""
    memo: str = ""


class ChronicTerms(msgspec.Struct, frozen=True):
    """What the area fixes for one person's entitlement when it approves; None where its general rules hold."""

    treatment: str = ""
    ratio_bp: int | None = None
    quota_month_fen: int | None = None
    quota_quarter_fen: int | None = None
    quota_fen: int | None = None


Application: TypeAlias = TransferApplication | OffsiteApplication | ChronicApplication | FixedApplication
APPLICATIONS: Final[Mapping[str, type[Any]]] = {
    one.kind: one for one in (TransferApplication, OffsiteApplication, ChronicApplication, FixedApplication)
}


def text_refusal(application: Application, private: Private | None) -> Refusal | None:
    """Texts that cannot be printed or are too long, in the application or in what it keeps sealed."""
    given = (*_texts(application), *(_texts(private) if private is not None else ()))
    return validation.first(*(validation.text(name, value, TEXT_MAX, optional=True) for name, value in given))


def _texts(value: Application | Private) -> list[tuple[str, str]]:
    return [(name, text) for name, text in msgspec.structs.asdict(value).items() if isinstance(text, str)]


def follows(
    dossier: Dossier,
    law: Law,
    application: Application,
    declaration_id: int,
    applied_on: date,
    today: date,
    terms: ChronicTerms = ChronicTerms(),  # noqa: B008 (a frozen value)
) -> Plan | Refusal:
    """What an approval changes; a filing counts as made on the day of application, however long the decision takes."""
    match application:
        case ChronicApplication():
            return verbs_benefit.entitled(dossier, _chronic(application, terms))
        case FixedApplication():
            return verbs_benefit.fixed(dossier, _fixed(application, declaration_id))
        case TransferApplication():
            kind, subtype = "TEMPORARY", "referral"
        case OffsiteApplication():
            kind, subtype = application.filing_kind, application.subtype
    row = FilingRow(
        application.from_on,
        application.until_on,
        kind,
        subtype,
        application.region,
        applied_on,
        declaration_id,
    )
    return verbs_filing.filed(dossier, law, row, today)


def _chronic(application: ChronicApplication, terms: ChronicTerms) -> ChronicRow:
    return ChronicRow(
        application.from_on,
        application.until_on,
        application.disease_code,
        application.disease_name,
        terms.treatment,
        terms.ratio_bp,
        terms.quota_month_fen,
        terms.quota_quarter_fen,
        terms.quota_fen,
    )


def _fixed(application: FixedApplication, declaration_id: int) -> FixedRow:
    return FixedRow(
        application.from_on,
        application.until_on,
        application.biz_type,
        application.sort_no,
        application.institution,
        application.institution_name,
        declaration_id,
    )
