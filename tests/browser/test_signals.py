"""What a desk does besides words: it sounds, vibrates, and lights the ticket before it.

A test machine has no loudspeaker, motor or lamp: what the page asks of them is written down where
it leaves the browser. The answers, the sound context and the camera are real ones.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import (
    HOST,
    a_carried_pass,
    a_paper_ticket,
    scan_by_keyboard,
    sign_in,
)
from tests.site import Site

WRITE_DOWN = """
  window.felt = []; window.heard = []; window.lit = [];
  navigator.vibrate = (pulses) => felt.push(pulses);
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    heard.push(this.frequency.value);
    return start.call(this, at);
  };
"""

WITH_LAMP = """
  const track = MediaStreamTrack.prototype;
  const able = track.getCapabilities;
  track.getCapabilities = function () { return { ...able.call(this), torch: true }; };
  track.applyConstraints = async ({ advanced: [{ torch }] }) => { lit.push(torch); };
"""


@pytest.fixture
def desk(site: Site, page: Page) -> Page:
    """Return the scanner of a space, whose host has touched it once, as sound needs it."""
    page.add_init_script(WRITE_DOWN)
    sign_in(site, page.context)
    page.goto(f"{site.url}/desk/{HOST}")
    expect(page.locator("#hint")).to_contain_text("Pas de caméra ici")
    page.locator("#hint").click()
    return page


def expect_title(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=10_000)


def test_who_is_let_in_and_who_is_not_sound_and_feel_unlike(site: Site, desk: Page) -> None:
    scan_by_keyboard(desk, a_paper_ticket(site).text)
    expect_title(desk, "Accepté")
    assert desk.evaluate("felt") == [[60]]
    assert desk.evaluate("heard") == [660, 880]
    desk.get_by_role("button", name="Scanner le suivant").click()
    scan_by_keyboard(desk, a_carried_pass(site).text(age_seconds=250))
    expect_title(desk, "Refusé")
    assert desk.evaluate("felt[1]") == [260, 120, 260]
    assert desk.evaluate("heard.slice(2)") == [220, 175]


def test_a_desk_whose_sound_is_cut_vibrates_only_also_tomorrow(site: Site, desk: Page) -> None:
    sound = desk.get_by_role("button", name="Son")
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "false")
    desk.reload()
    expect(sound).to_have_attribute("aria-pressed", "false")
    scan_by_keyboard(desk, a_paper_ticket(site).text)
    expect_title(desk, "Accepté")
    assert desk.evaluate("felt") == [[60]]
    assert desk.evaluate("heard") == []


def test_a_lamp_is_lit_and_is_told_dark_on_another_camera(site: Site, two_cameras: Page) -> None:
    two_cameras.add_init_script(WRITE_DOWN + WITH_LAMP)
    two_cameras.goto(f"{site.url}/desk/{HOST}")
    lamp = two_cameras.get_by_role("button", name="Lampe")
    lamp.click()
    expect(lamp).to_have_attribute("aria-pressed", "true")
    assert two_cameras.evaluate("lit") == [True]
    two_cameras.get_by_role("button", name="Autre caméra").click()
    expect(lamp).to_have_attribute("aria-pressed", "false")
    lamp.click()
    expect(lamp).to_have_attribute("aria-pressed", "true")
    lamp.click()
    expect(lamp).to_have_attribute("aria-pressed", "false")
    assert two_cameras.evaluate("lit") == [True, True, False]


def test_another_camera_that_does_not_open_leaves_the_keyboard(
    site: Site, two_cameras: Page
) -> None:
    two_cameras.goto(f"{site.url}/desk/{HOST}")
    expect(two_cameras.locator("#hint")).to_have_text("Montrez le code à la caméra")
    two_cameras.evaluate(
        """() => { navigator.mediaDevices.getUserMedia = async () => {
          throw new DOMException("in use elsewhere", "NotReadableError");
        }; }"""
    )
    two_cameras.get_by_role("button", name="Autre caméra").click()
    expect(two_cameras.locator("#finder")).to_be_hidden()
    scan_by_keyboard(two_cameras, a_paper_ticket(site).text)
    expect_title(two_cameras, "Accepté")
