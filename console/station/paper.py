"""A4 with the product's own type: what every printed page of the station is set on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.resources import as_file, files

from fpdf import FPDF
from fpdf.fonts import FontFace


class Paper(FPDF):
    """Paragraphs and tables; ``foot`` stands with the page's number at the bottom of each."""

    def __init__(self, foot: str, numbered: Callable[[int], str] | None = None) -> None:
        """``numbered`` says the foot of a page in another language than English."""
        super().__init__(format="A4")
        self._numbered = numbered or (lambda page: f"{foot} · page {page}")
        for style, name in (("", "Regular"), ("B", "Bold")):
            with as_file(files("resources.fonts").joinpath(f"Inter-{name}.otf")) as font:
                self.add_font("Inter", style, str(font))
        self.set_margins(18, 18, 18)
        self.set_auto_page_break(True, 22)
        self.add_page()

    def footer(self) -> None:
        """What it is, and the page."""
        self.set_y(-15)
        self.set_font("Inter", size=8)
        self.cell(0, 5, self._numbered(self.page_no()))

    def line_of(self, text: str, size: float, *, bold: bool = False, indent: float = 0) -> None:
        """A paragraph."""
        self.set_x(self.l_margin + indent)
        self.set_font("Inter", "B" if bold else "", size)
        self.multi_cell(0, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def table_of(self, heads: Sequence[str], widths: Sequence[float], rows: Iterable[Sequence[str]]) -> None:
        """A table whose heads stand on every page; ``widths`` are in proportion."""
        self.set_font("Inter", size=9)
        heading = FontFace(emphasis="BOLD")
        with self.table(
            headings_style=heading, col_widths=tuple(widths), text_align="LEFT", borders_layout="HORIZONTAL_LINES",
            line_height=5, padding=(0.6, 1),
        ) as table:  # fmt: skip
            for cells in (heads, *rows):
                line = table.row()
                for cell in cells:
                    line.cell(cell)
