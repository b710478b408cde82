"""The console's first page."""

import re

import click
import pytest

from gongji.access.roles import SEPARATE, STAFF_OF_AGENCY
from gongji.project.cli import main
from tests.web.asgi import Browser, sign_in_as


async def test_the_workbench_names_the_role_and_the_area(browser: Browser) -> None:
    await sign_in_as(browser, "clerk", area="1401", name="张经办")
    answer = await browser.get("/console/")
    assert answer.status_code == 200
    assert "经办受理" in answer.text
    assert "1401" in answer.text


async def test_a_member_has_no_workbench(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no="1401990000000012")
    answer = await browser.get("/console/")
    assert answer.status_code == 403


@pytest.mark.parametrize("role", sorted(STAFF_OF_AGENCY | SEPARATE))
async def test_every_link_of_a_workbench_opens_and_every_command_exists(browser: Browser, role: str) -> None:
    await sign_in_as(browser, role, area="14" if role in STAFF_OF_AGENCY else "")
    text = (await browser.get("/console/")).text.partition("<main")[2]
    links = re.findall(r'<a class="list__item" href="([^"]+)"', text)
    for link in links:
        assert (await browser.get(link)).status_code == 200, link
    commands = re.findall(r"<code>(gongji [a-z ]+)</code>", text)
    assert links or commands
    for command in commands:
        group: click.Command = main
        for name in command.split()[1:]:
            assert isinstance(group, click.Group)
            found = group.get_command(click.Context(group), name)
            assert found is not None, command
            group = found
