"""Fixtures of the tests that drive a real browser: Chromium, and a running instance.

`site` is the demonstration on a database of its own; `page` (of pytest-playwright) is a phone in
French unless a test asks for something else.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.demo.service import load_demo
from cowopass.spaces.hours import WEEKDAYS
from cowopass.spaces.models import Space
from tests.browser.desk import sign_in
from tests.instances import migrate
from tests.site import Site, free_port, site_config

REMEDY = "no Chromium to test with: apt-get install chromium"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""A browser that talks to nobody but the instance under test."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # A browser that goes away leaves the server with the file that it was sending.
            unclosed = "ignore::pytest.PytestUnraisableExceptionWarning"
            item.add_marker(pytest.mark.filterwarnings(unclosed))


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(REMEDY)
        pytest.skip(REMEDY)
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: str) -> dict[str, Any]:
    return {"executable_path": chromium, "args": list(QUIET)}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "fr-FR", "viewport": PHONE, "has_touch": True}


@pytest.fixture
def kept_page(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Iterator[Page]:
    """Lend a page of a phone that keeps things on its disk, where a quota is a real one."""
    launch = {**browser_type_launch_args, "locale": "fr-FR", "viewport": PHONE}
    with browser_type.launch_persistent_context(tmp_path / "profile", **launch) as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def site_port() -> int:
    return free_port()


def open_always(session: Session) -> None:
    """Let every space be open at any hour, so that tests pass at night."""
    for space in session.scalars(select(Space)):
        space.opening_hours = {weekday: [["00:00", "23:59"]] for weekday in WEEKDAYS}
        space.closed_days = []


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory, site_port: int) -> Path:
    """Return a database with the demonstration, whose tickets are of the site's address."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    migrate(f"sqlite:///{path}")
    site = Site(site_config(f"sqlite:///{path}", site_port))
    with site.app.app_context(), site.session() as session:
        load_demo(session, site.config)
        open_always(session)
        session.commit()
    site.close()
    return path


@pytest.fixture
def site(demo_template: Path, site_port: int, tmp_path: Path) -> Iterator[Site]:
    path = tmp_path / "site.db"
    shutil.copy(demo_template, path)
    site = Site(site_config(f"sqlite:///{path}", site_port))
    site.start()
    yield site
    site.close()


@pytest.fixture
def two_cameras(
    site: Site, browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Page]:
    """Lend a host's page on a device with two cameras, which see no code."""
    two = "--use-fake-device-for-media-stream=device-count=2"
    args = [*browser_type_launch_args["args"], "--use-fake-ui-for-media-stream", two]
    with browser_type.launch(**{**browser_type_launch_args, "args": args}) as browser:
        context = browser.new_context(locale="fr-FR", permissions=["camera"])
        sign_in(site, context)
        yield context.new_page()
