"""A doctor's day: a patient is known, a visit begins, orders are written and issued, the house's pharmacist lets them go."""

from gongji.gateway.platform import Platform
from gongji.prescriptions import selectors as prescriptions
from tests.desk import doctoring
from tests.desk.doctoring import accepted, as_doctor, begun
from tests.web.asgi import Browser


async def test_a_prescription_goes_from_the_voucher_to_circulation(
    browser: Browser, platform: Platform
) -> None:
    await as_doctor(browser)
    visit = await begun(browser)
    rx_no = await visit.issued()
    page = (await browser.get(f"/desk/doctor/rx/{rx_no}")).text
    assert "待本院药师审方" in page
    assert (await accepted(browser, rx_no)).status_code == 302
    async with platform.pool.acquire() as connection:
        case = await prescriptions.case(connection, rx_no)
    assert case is not None
    assert case.state == "circulating"
    assert case.prescription.doctor_code == doctoring.DOCTOR
