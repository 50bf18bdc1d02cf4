"""Colours can be read: computed from the tokens, in both themes (visual.md §2)."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest
from PySide6.QtGui import QColor

from widgets.theme import Theme

SURFACES = ("bg0", "bg1", "bg2", "bg3", "field")
ON_SURFACES = ("text1", "text2", "text3", "ink1", "ink2", "ink3", "ink4")
FILLS = [("on1", "p1"), ("on2", "p2"), ("on3", "p3"), ("on4", "p4"), ("oninv", "inv"), ("ontest", "test")]


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG defines it."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: QColor, second: QColor) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(params=["dark", "light"])
def theme(request: pytest.FixtureRequest) -> Theme:
    return Theme(request.param)


@pytest.mark.parametrize("text", ON_SURFACES)
def test_text_can_be_read_on_every_surface(theme: Theme, text: str) -> None:
    ratios = {surface: round(contrast(theme[text], theme[surface]), 2) for surface in SURFACES}
    assert min(ratios.values()) >= 4.5, ratios


@pytest.mark.parametrize(("text", "fill"), FILLS)
def test_text_can_be_read_on_every_fill(theme: Theme, text: str, fill: str) -> None:
    assert contrast(theme[text], theme[fill]) >= 5.8


@pytest.mark.parametrize("ground", ["testbg", "hatch"])
def test_the_banner_of_a_test_can_be_read(theme: Theme, ground: str) -> None:
    for text in ("text1", "text2"):
        assert contrast(theme[text], theme[ground]) >= 4.5


def test_controls_and_focus_stand_out(theme: Theme) -> None:
    for surface in ("bg0", "bg1", "bg2", "field"):
        assert contrast(theme["line2"], theme[surface]) >= 3
        assert contrast(theme["focus"], theme[surface]) >= 3


def test_both_themes_have_the_same_tokens_and_the_sheet_uses_no_other(theme: Theme) -> None:
    tokens = json.loads(files("resources.themes").joinpath("tokens.json").read_text(encoding="utf-8"))
    assert tokens["dark"].keys() == tokens["light"].keys()
    sheet = theme.style_sheet()
    assert "$" not in sheet
    allowed = {value.lower() for value in tokens[theme.name].values()}
    assert {colour.lower() for colour in re.findall(r"#[0-9a-fA-F]{6}", sheet)} <= allowed


def test_no_widget_names_a_colour_of_its_own() -> None:
    for path in files("widgets").iterdir():  # type: ignore[attr-defined]
        if path.name.endswith(".py"):
            assert not re.search(r"#[0-9a-fA-F]{6}|QColor\(\"", path.read_text(encoding="utf-8")), path


def test_no_letter_is_smaller_than_fourteen(theme: Theme) -> None:
    template = files("resources.themes").joinpath("vigie.qss").read_text(encoding="utf-8")
    sizes = [int(size) for size in re.findall(r"font-size: \$\{s(\d+)\}px", template)]
    assert min(sizes) >= 14
    assert theme.font(18).pixelSize() == 18
    assert Theme("dark", 1.5).px(40) == 60
