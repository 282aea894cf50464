"""The README's picture of the case screen: made here, and kept as the screen is.

`RENEW=1 make test T=tests/journeys/test_the_picture.py` takes it anew.
"""

import json
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Page
from sqlalchemy import Engine

from service.database import writing
from service.intake_formats.referral import read_referral
from service.workflow import intake
from tests.cast import NOW, PEPPER, Cast
from tests.parts.tree import ROOT
from tests.parts.web import House

PICTURE = Path(__file__).with_name("case_screen.png")
REFERRAL = ROOT / "data" / "synthetic" / "sample" / "referrals" / "2026-06-29-0004.json"
SIZE = {"width": 1280, "height": 960}
NOTICED = 48
"""A step of one colour, of 255, that a person would notice."""
MOST_CHANGED = 0.01
"""Fonts are drawn a little differently from one machine to the next; a changed screen is far above this."""


def changed(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ noticeably; 1 when the sizes differ."""
    if one.size != other.size:
        return 1.0
    steps = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).convert("L").histogram()
    return sum(steps[NOTICED:]) / (one.size[0] * one.size[1])


def test_a_changed_screen_is_noticed() -> None:
    white, black = (Image.new("RGB", (20, 20), colour) for colour in ("white", "black"))
    part = white.copy()
    part.paste(black.crop((0, 0, 20, 1)), (0, 0))
    assert changed(white, white) == 0
    assert changed(white, part) > MOST_CHANGED
    assert changed(white, Image.new("RGB", (10, 10))) == 1


def test_the_picture_in_the_readme_is_the_case_screen(
    open_page: Callable[..., Page], house: House, engine: Engine, cast: Cast
) -> None:
    referral = read_referral(json.loads(REFERRAL.read_text("utf-8")), now=NOW)
    with writing(engine) as session:
        case = intake.receive(session, referral, pepper=PEPPER, now=NOW, by=None)
    page = open_page(viewport=SIZE)
    house.let_in(page)
    page.goto(f"{house.url}/sag/{case.id}")
    page.evaluate("document.fonts.ready")
    taken = page.screenshot()
    if os.environ.get("RENEW"):
        PICTURE.write_bytes(taken)
    with Image.open(BytesIO(taken)) as now, Image.open(PICTURE) as kept:
        assert changed(now, kept) <= MOST_CHANGED, "the screen has changed: RENEW=1 takes the picture anew"
    assert str(PICTURE.relative_to(ROOT)) in (ROOT / "README.md").read_text("utf-8")
