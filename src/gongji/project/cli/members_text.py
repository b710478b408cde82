"""How rows of the members room are said in Chinese, in one line each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from gongji.members.rows import Row

__all__ = ["NAMES", "PARTS", "row_text", "spell_text", "value_text"]

PARTS: Final = {
    "person": "个人信息",
    "relation": "参保关系",
    "nonbenefit": "不享受待遇期间",
    "credential": "凭证",
    "family": "家庭共济",
    "filing": "异地备案",
    "chronic": "门诊慢特病",
    "fixed": "人员定点",
    "residence": "常住地",
}
NAMES: Final = {
    "from_on": "开始",
    "until_on": "结束",
    "name": "姓名",
    "cert_type": "证件类型",
    "cert_sealed": "证件号码",
    "phone_sealed": "电话",
    "gender": "性别",
    "ethnicity": "民族",
    "born_on": "出生日期",
    "died_on": "死亡日期",
    "insutype": "险种",
    "status": "待遇身份",
    "category": "参保身份",
    "psn_type": "人员类别",
    "region": "医保区划",
    "employer": "单位",
    "payer": "缴费来源",
    "civil_servant": "公务员",
    "has_account": "个人账户",
    "end_reason": "终止原因",
    "reported_on": "申报日期",
    "retired_on": "退休日期",
    "reported_by": "申报人",
    "kind": "种类",
    "number": "号码",
    "blocked_from": "挂失冻结起",
    "blocked_until": "挂失冻结止",
    "block_reason": "挂失冻结原因",
    "earlier_blocks": "此前的挂失冻结",
    "owner": "账户所有人",
    "relation": "关系",
    "subtype": "人员类型",
    "filed_on": "备案日期",
    "declaration_id": "申请编号",
    "disease_code": "病种编码",
    "disease_name": "病种",
    "treatment": "治疗",
    "ratio_bp": "支付比例",
    "quota_month_fen": "月限额（分）",
    "quota_quarter_fen": "季度限额（分）",
    "quota_fen": "年度限额（分）",
    "biz_type": "业务类型",
    "sort_no": "排序号",
    "institution": "机构编号",
    "institution_name": "机构",
}


def spell_text(from_on: date, until_on: date | None) -> str:
    return f"{from_on} 至 {until_on or '今'}"


def value_text(name: str, value: str | None) -> str | None:
    """A field's value in history: codes in words, everything else as it is kept."""
    from gongji.members import terms

    words = {
        "status": terms.RELATION_STATUS,
        "category": terms.CATEGORY,
        "payer": terms.PAYER,
        "end_reason": terms.END_REASON,
        "reported_by": terms.REPORTER,
        "block_reason": terms.BLOCK_REASON,
        "kind": terms.NONBENEFIT_KIND | terms.CREDENTIAL_KIND | terms.FILING_KIND,
        "relation": terms.FAMILY_RELATION,
        "subtype": terms.FILING_SUBTYPE,
        "treatment": terms.TREATMENT,
        "gender": {"1": "男", "2": "女"},
    }
    return words.get(name, {}).get(value or "", value)


def row_text(row: Row) -> str:
    """A row in one line; personal data are not in it, numbers of vouchers masked."""
    from gongji.members import rows, terms

    match row:
        case rows.PersonRow():
            return f"出生 {row.born_on}" + (f"，{row.died_on} 死亡" if row.died_on else "")
        case rows.RelationRow():
            ended = f"，{terms.END_REASON[row.end_reason]}" if row.end_reason else ""
            words = (
                spell_text(row.from_on, row.until_on),
                terms.CATEGORY[row.category],
                row.region,
                row.employer,
                f"{terms.PAYER[row.payer]}缴费" if row.payer != "none" else "不缴费",
                "有个人账户" if row.has_account else "无个人账户",
            )
            return "  ".join(filter(None, words)) + ended
        case rows.NonbenefitRow():
            return f"{terms.NONBENEFIT_KIND[row.kind]}  {spell_text(row.from_on, row.until_on)}"
        case rows.CredentialRow():
            return _credential_text(row)
        case rows.FamilyRow():
            relation = terms.FAMILY_RELATION[row.relation]
            return f"使用 {row.owner} 的账户（{relation}）  {spell_text(row.from_on, row.until_on)}"
        case rows.FilingRow():
            subtype = terms.FILING_SUBTYPE[row.subtype]
            filed = (terms.FILING_KIND[row.kind], subtype, row.region, spell_text(row.from_on, row.until_on))
            return "  ".join(filter(None, filed)) + f"（{row.filed_on} 备案）"
        case rows.ChronicRow():
            treatment = terms.TREATMENT[row.treatment]
            disease = (
                f"{row.disease_code} {row.disease_name}",
                treatment,
                spell_text(row.from_on, row.until_on),
            )
            return "  ".join(filter(None, disease)) + _quota_text(row)
        case rows.FixedRow():
            return f"{row.institution} {row.institution_name}（第 {row.sort_no} 位）  {spell_text(row.from_on, row.until_on)}"
        case rows.ResidenceRow():
            return f"已登记（约 100 米的网格）  {spell_text(row.from_on, row.until_on)}"


def _credential_text(row: Any) -> str:
    from gongji.members import terms

    number = row.number[:2] + "*" * max(0, len(row.number) - 4) + row.number[-2:]
    text = f"{terms.CREDENTIAL_KIND[row.kind]} {number}  {spell_text(row.from_on, row.until_on)}"
    if row.blocked_from is None:
        return text
    return f"{text}  挂失或冻结 {spell_text(row.blocked_from, row.blocked_until)}"


def _quota_text(row: Any) -> str:
    from gongji.base.money import format_yuan

    quotas = (("月", row.quota_month_fen), ("季", row.quota_quarter_fen), ("年", row.quota_fen))
    parts = [f"{name}限额 {format_yuan(value)} 元" for name, value in quotas if value is not None]
    if row.ratio_bp is not None:
        parts.insert(0, f"支付比例 {row.ratio_bp / 100:g}%")
    return f"  {'，'.join(parts)}" if parts else ""
