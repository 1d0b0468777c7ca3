from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserType, Page, expect

from tests.browser.desk import (
    HOST,
    Look,
    a_camera,
    a_paper_ticket,
    draw,
    open_always,
    scan_by_keyboard,
    sign_in,
    write_video,
)
from tests.site import Site


@pytest.fixture
def desk(site: Site, page: Page) -> Page:
    """Return the scanner of La Rubanerie, where there is no camera."""
    open_always(site)
    sign_in(site, page.context)
    page.goto(f"{site.url}/desk/{HOST}")
    expect(page.locator("#hint")).to_contain_text("Pas de caméra ici")
    return page


def test_a_ticket_read_by_a_keyboard_scanner_is_let_in(site: Site, desk: Page) -> None:
    scan_by_keyboard(desk, a_paper_ticket(site).text)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Accepté")
    expect(desk.locator(".who")).to_have_text("Camille")
    expect(desk.locator(".unit")).to_have_text("1 journée")
    expect(desk.locator(".facts").first).to_contain_text("10 journées")


LOOKS = [
    Look(),
    Look(width=300, tilt=12),
    Look(width=480, tilt=-25, blur=0.8),
    Look(width=400, tilt=170, noise=60),
]


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_camera_reads_a_real_ticket(
    site: Site,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, object],
    tmp_path: Path,
    look: Look,
) -> None:
    open_always(site)
    video = write_video(tmp_path / "camera.y4m", [draw(a_paper_ticket(site).text, look)])
    with a_camera(browser_type, browser_type_launch_args, video) as page:
        sign_in(site, page.context)
        page.goto(f"{site.url}/desk/{HOST}")
        expect(page.locator(".who")).to_have_text("Camille", timeout=15_000)
