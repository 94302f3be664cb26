"""Figures: drawn for whatever a run gives, the same bytes twice, nothing read as mathematics, no text over text."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from summaries import minimal, summary

from sim.errors import UserError
from sim.report import figures
from sim.report.layout import spread
from sim.report.style import interval, number, percent, save, shorten, width, wrap

CASES = {
    "one": summary(1),
    "four": summary(4),
    "ten": summary(10),
    "hostile": summary(10, hostile=True),
    "one period": summary(4, periods=1),
    "minimal": minimal(),
}
EVERY = [pytest.param(name, case, id=f"{name}-{case}") for name in figures.names() for case in CASES]


def _texts(figure: Figure) -> list:
    shown = list(figure.texts)
    for axes in figure.axes:
        if axes.axison:
            (left, right), (bottom, top) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
            shown += [t.label1 for t in axes.xaxis.get_major_ticks() if left <= t.get_loc() <= right]
            shown += [t.label1 for t in axes.yaxis.get_major_ticks() if bottom <= t.get_loc() <= top]
    return [t for t in shown if t.get_text().strip()]


def test_the_four_figures_are_there():
    assert {"outcomes", "timing", "terms", "values"} <= set(figures.names())


@pytest.mark.parametrize(("name", "case"), EVERY)
def test_texts_are_large_apart_and_inside_the_page(name, case):
    figure = figures.draw(name, CASES[case])
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    texts = _texts(figure)
    boxes = [t.get_window_extent(renderer) for t in texts]
    assert min(t.get_fontsize() for t in texts) >= 12
    wide, high = figure.canvas.get_width_height()
    for text, box in zip(texts, boxes, strict=True):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= wide and box.y1 <= high, text.get_text()
    for (a, first), (b, second) in itertools.combinations(zip(texts, boxes, strict=True), 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        along = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert across <= 1 or along <= 2, (a.get_text(), b.get_text())


@pytest.mark.parametrize(("name", "case"), EVERY)
def test_names_the_run(name, case):
    words = " ".join(" ".join(t.get_text() for t in figures.draw(name, CASES[case]).texts).split())
    assert f"seed {CASES[case]['seed']}" in words
    assert f"{CASES[case]['worlds']:,} world" in words


def test_a_dollar_sign_stays_a_dollar_sign():
    figure = figures.draw("outcomes", CASES["hostile"])
    assert any("$x_1 < \\frac{a}{b}$" in t.get_text() for t in figure.texts)
    assert not any(t.get_parse_math() for t in figure.texts)


@pytest.mark.slow
@pytest.mark.parametrize("name", figures.names())
def test_same_summary_same_bytes(name, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        save(figures.draw(name, CASES["hostile"]), tmp_path / folder, name)
    for kind in ("png", "svg"):
        first, second = ((tmp_path / folder / f"{name}.{kind}").read_bytes() for folder in ("a", "b"))
        assert first == second
        assert b"Software" not in first and b"<dc:date>" not in first


def test_the_users_own_settings_do_not_matter(tmp_path):
    import matplotlib as mpl

    plainly = save(figures.draw("outcomes", CASES["four"]), tmp_path, "a")[0].read_bytes()
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "savefig.bbox": "tight"}):
        assert save(figures.draw("outcomes", CASES["four"]), tmp_path, "b")[0].read_bytes() == plainly


def test_a_file_dropped_into_the_folder_is_found(tmp_path, monkeypatch):
    (tmp_path / "zigzag.py").write_text(
        "from matplotlib.figure import Figure\n\n\n"
        "def draw(summary):\n    return Figure(figsize=(summary['worlds'], 1))\n"
    )
    monkeypatch.setattr(figures, "__path__", [*figures.__path__, str(tmp_path)])
    assert "zigzag" in figures.names()
    assert figures.draw("zigzag", {"worlds": 3}).get_figwidth() == 3


def test_an_unknown_figure_is_a_message():
    with pytest.raises(UserError, match="did you mean 'outcomes'"):
        figures.draw("outcome", CASES["four"])


def test_listing_the_figures_imports_no_matplotlib():
    code = "import sys; from sim.report import figures; figures.names(); sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_number_shown_is_the_number_given():
    words = [t.get_text() for t in figures.draw("outcomes", CASES["four"]).texts]
    assert "62 % [60, 64]" in words and "31 % [29, 33]" in words


def test_levels_of_a_grid_are_grouped_in_order_and_keep_their_mass():
    from sim.report.figures.terms import MOST, _parts

    parts = _parts({f"{k / 20:g}": {"probability": (k + 1) / 231} for k in reversed(range(21))})
    assert len(parts) <= MOST
    assert sum(p.share for p in parts) == pytest.approx(1)
    starts = [float(p.label.split("–")[0]) for p in parts]
    assert starts == sorted(starts) and starts[0] == 0


def test_levels_stand_in_the_order_of_the_issue():
    levels = {name: {"count": 1, "probability": 1 / 3} for name in ("broad", "none", "partial")}
    table = {"worlds_with_deal": 3, "terms": {"relief": levels}}
    case = {**minimal(), "worlds": 3, "tables": {"talks": table}, "levels": {"relief": ["none", "partial", "broad"]}}
    words = [t.get_text() for t in figures.draw("terms", case).texts]
    assert [w for w in words if "33" in w] == ["none: 33 %", "partial: 33 %", "broad: 33 %"]


def test_signs_that_cannot_be_seen_are_left_out():
    """matplotlib would warn that it has no glyph for them."""
    assert wrap("a \x1b[31mred\u202e title", 15, 3) == ["a [31mred title"]
    assert shorten("A\x07\u200b", 15, 3) == "A"


def test_text_is_wrapped_to_the_room_it_has():
    lines = wrap("x" * 300 + " and some words", 12, 2.0, 3)
    assert len(lines) == 3 and all(width(line, 12) <= 2.0 for line in lines) and lines[-1].endswith("…")
    assert wrap("short", 12, 2.0) == ["short"]


@pytest.mark.parametrize(("share", "text"), [(0.62, "62"), (0.004, "0.4"), (0, "0"), (1, "100"), (0.997, "99.7")])
def test_percent_never_rounds_to_never_or_always(share, text):
    assert percent(share) == text


def test_numbers_as_people_read_them():
    assert interval(0.62, 0.6, 0.64) == "62 % [60, 64]"
    assert interval(0.035, 0.028, 0.044) == "3.5 % [2.8, 4.4]"  # or the interval would hide
    assert interval(2 / 300, 0.002, 0.024) == "0.7 % [0.2, 2]" and interval(0, 0, 0.002) == "0 % [0, 0.2]"
    assert number(-0.1234, 0.4) == "−0.12"
    assert number(-1e-17, 0.4) == "0.00"
    assert number(12.345, 40) == "12"


def test_labels_are_spread_without_overlap_and_as_near_as_can_be():
    placed = spread([1.0, 1.0, 3.0], [0.5, 0.5, 0.5], 0, 4)
    assert placed == pytest.approx([0.75, 1.25, 3.0])
    assert spread([0.0, 4.0], [1.0, 1.0], 0, 4) == pytest.approx([0.5, 3.5])
