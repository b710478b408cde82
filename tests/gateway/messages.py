"""Nodes of messages as our own test institutions send them."""

from __future__ import annotations

import base64
from typing import Any

from tests.gateway import world
from tests.gateway.client import Caller, fresh

DAY = "2024-08-15 09:30:00"


def voucher(psn_no: str, kind: str = "01") -> dict[str, str]:
    number = {"01": world.token_of, "02": world.certno_of, "03": world.card_of}[kind](psn_no)
    return {"mdtrt_cert_type": kind, "mdtrt_cert_no": number}


def registration(psn_no: str = world.ACTIVE, /, **fields: Any) -> dict[str, Any]:
    return {
        "data": {
            "psn_no": psn_no,
            "insutype": "310",
            "begntime": DAY,
            **voucher(psn_no),
            "ipt_otp_no": fresh("V"),
            "atddr_no": "D1",
            "dr_name": "测试医师",
            "dept_code": "01",
            "dept_name": "内科",
            "caty": "A03",
            **fields,
        }
    }


def visit_info(psn_no: str, mdtrt_id: str, /, **fields: Any) -> dict[str, Any]:
    return {
        "mdtrtinfo": {
            "mdtrt_id": mdtrt_id,
            "psn_no": psn_no,
            "med_type": "11",
            "begntime": DAY,
            "main_cond_dscr": "头痛",
            "dise_codg": "",
            "dise_name": "",
            **fields,
        },
        "diseinfo": [
            {
                "diag_type": "1",
                "diag_srt_no": 1,
                "diag_code": "I10.x00",
                "diag_name": "特发性高血压",
                "diag_dept": "内科",
                "dise_dor_no": "D1",
                "dise_dor_name": "测试医师",
                "diag_time": DAY,
                "vali_flag": "1",
            }
        ],
    }


def line(psn_no: str, mdtrt_id: str, batch: str, /, **fields: Any) -> dict[str, Any]:
    return {
        "feedetl_sn": fresh("L"),
        "mdtrt_id": mdtrt_id,
        "psn_no": psn_no,
        "chrg_bchno": batch,
        "rx_circ_flag": "0",
        "fee_ocur_time": DAY,
        "med_list_codg": world.DRUG_A,
        "medins_list_codg": "本院001",
        "det_item_fee_sumamt": "100.00",
        "cnt": 1,
        "pric": "100.00",
        "bilg_dept_codg": "01",
        "bilg_dept_name": "内科",
        "bilg_dr_codg": "D1",
        "bilg_dr_name": "测试医师",
        "hosp_appr_flag": "0",
        **fields,
    }


def settlement(psn_no: str, mdtrt_id: str, batch: str, total: Any, /, **fields: Any) -> dict[str, Any]:
    return {
        "data": {
            "psn_no": psn_no,
            **voucher(psn_no),
            "med_type": "11",
            "medfee_sumamt": total,
            "psn_setlway": "01",
            "mdtrt_id": mdtrt_id,
            "chrg_bchno": batch,
            "acct_used_flag": "1",
            "insutype": "310",
            "invono": "INV1",
            **fields,
        }
    }


async def visit(
    caller: Caller, psn_no: str = world.ACTIVE, *, code: str = world.HOSPITAL, **fields: Any
) -> str:
    """A registered visit; its mdtrt_id."""
    answer = await caller.output("2201", registration(psn_no, **fields), caller=code)
    mdtrt_id = answer["data"]["mdtrt_id"]
    await caller.output(
        "2203", visit_info(psn_no, mdtrt_id, begntime=fields.get("begntime", DAY)), caller=code
    )
    return str(mdtrt_id)


async def charged(
    caller: Caller,
    psn_no: str = world.ACTIVE,
    *,
    code: str = world.HOSPITAL,
    lines: list[dict[str, Any]] | None = None,
) -> tuple[str, str]:
    """A visit with one batch uploaded: (mdtrt_id, chrg_bchno)."""
    mdtrt_id, batch = await visit(caller, psn_no, code=code), fresh("B")
    rows = [line(psn_no, mdtrt_id, batch, **fields) for fields in lines or [{}]]
    await caller.output("2204", {"feedetail": rows}, caller=code)
    return mdtrt_id, batch


def purchase(psn_no: str, total: Any, lines: list[dict[str, Any]], /, **fields: Any) -> dict[str, Any]:
    return {
        "druginfo": {
            "psn_no": psn_no,
            **voucher(psn_no),
            "begntime": "2024-08-15 11:00:00",
            "medfee_sumamt": total,
            "insutype": "310",
            "acct_used_flag": "1",
            "med_type": "41",
            **fields,
        },
        "drugdetail": lines,
    }


def drug(**fields: Any) -> dict[str, Any]:
    return {
        "feedetl_sn": fresh("L"),
        "rxno": "",
        "rx_circ_flag": "1",
        "fee_ocur_time": "2024-08-15 11:00:00",
        "med_list_codg": world.DRUG_A,
        "medins_list_codg": "药店001",
        "det_item_fee_sumamt": "50.00",
        "cnt": 1,
        "pric": "50.00",
        **fields,
    }


async def somebody(caller: Caller, **given: Any) -> str:
    """A member of their own for one test."""
    psn_no = f"140830{fresh('')[-10:]:0>19}1"
    assert caller.app.platform is not None
    async with caller.app.platform.pool.acquire() as connection:
        await world.add_person(connection, psn_no, **given)
        await world.record_history(connection)
    return psn_no


def referral(psn_no: str, /, **fields: Any) -> dict[str, Any]:
    return {
        "refmedin": {
            "psn_no": psn_no,
            "insutype": "310",
            "tel": "13900000000",
            "addr": "测试路一号",
            "insu_optins": world.REGION,
            "diag_code": "I10.x00",
            "diag_name": "特发性高血压",
            "dise_cond_dscr": "病情\n描述",
            "reflin_medins_no": world.AWAY_HOSPITAL,
            "reflin_medins_name": "测试省会医院",
            "mdtrtarea_admdvs": "140105",
            "hosp_agre_refl_flag": "1",
            "refl_type": "2",
            "refl_date": "2024-08-15",
            "refl_rea": "本院条件所限",
            "refl_opnn": "同意转院",
            **fields,
        }
    }


def chronic(psn_no: str, /, **fields: Any) -> dict[str, Any]:
    return {
        "data": {
            "psn_no": psn_no,
            "insutype": "310",
            "opsp_dise_code": "M03900",
            "opsp_dise_name": "高血压",
            "tel": "13900000000",
            "addr": "测试路一号",
            "insu_optins": world.REGION,
            "ide_fixmedins_no": world.HOSPITAL,
            "ide_fixmedins_name": "测试县医院",
            "hosp_ide_date": "2024-07-20",
            "diag_dr_codg": "D1",
            "diag_dr_name": "测试医师",
            "begndate": "2024-08-01",
            "enddate": "",
            **fields,
        }
    }


def chosen(psn_no: str, /, **fields: Any) -> dict[str, Any]:
    return {
        "data": {
            "psn_no": psn_no,
            "tel": "13900000000",
            "addr": "测试路一号",
            "biz_appy_type": "03",
            "begndate": "2024-08-01",
            "enddate": "",
            "agnter_name": "测试代办人",
            "agnter_cert_type": "01",
            "agnter_certno": "110101199001011237",
            "agnter_rlts": "1",
            "fix_srt_no": "1",
            "fixmedins_code": world.HOSPITAL,
            "fixmedins_name": "测试县医院",
            **fields,
        }
    }


def department(**changes: Any) -> dict[str, Any]:
    """A row of 3401: a department of a code that nobody has used."""
    return {
        "hosp_dept_codg": fresh("K")[-20:],
        "hosp_dept_name": "全科门诊",
        "caty": "A02",
        "begntime": "2023-01-01 00:00:00",
        "endtime": "",
        "itro": "",
        "dept_resper_name": "王主任",
        "dept_resper_tel": "03590000000",
        "dept_estbdat": "2020-01-01",
        "aprv_bed_cnt": "10",
        "dr_psncnt": 2,
        "phar_psncnt": "",
    } | changes


def department_key(**changes: Any) -> dict[str, Any]:
    """data of 3403."""
    return {
        "hosp_dept_codg": "K0",
        "hosp_dept_name": "全科门诊",
        "begntime": "2023-01-01 00:00:00",
    } | changes


def item_mapping(local_item: str | None = None, /, **fields: Any) -> dict[str, Any]:
    return {
        "data": {
            "fixmedins_hilist_id": local_item or fresh("I"),
            "fixmedins_hilist_name": "测试院内项目",
            "list_type": "101",
            "med_list_codg": world.DRUG_A,
            "begndate": "2024-01-01",
            "enddate": "2099-12-31",
            "aprvno": "国药准字H00000000",
            "dosform": "片剂",
            "exct_cont": "",
            "item_cont": "",
            "prcunt": "盒",
            "spec": "10mg",
            "pacspec": "10mg*24片/盒",
            "memo": "",
            **fields,
        }
    }


def mapping_withdrawal(local_item: str, /, **fields: Any) -> dict[str, Any]:
    return {
        "data": {
            "fixmedins_hilist_id": local_item,
            "list_type": "101",
            "med_list_codg": world.DRUG_A,
            "fixmedins_code": world.HOSPITAL,
            **fields,
        }
    }


def file_upload(content: bytes = b"a\tb\n", /, **fields: Any) -> dict[str, Any]:
    return {
        "fsUploadIn": {
            "filename": "测试.txt",
            "in": base64.b64encode(content).decode(),
            "fixmedins_code": world.HOSPITAL,
            **fields,
        }
    }
