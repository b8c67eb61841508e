"""A quote as a PDF, in the language of its customer."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.money import format_money
from core.text import is_cjk
from deals.constants import Period
from deals.documents.fonts import font_for
from deals.formats import trimmed, unit_price
from deals.models import Quote, QuoteLine
from deals.pricing import Totals, totals

if TYPE_CHECKING:
    from fpdf import FPDF

INK, GREY, LINE = (28, 32, 38), (98, 106, 118), (214, 219, 226)
MARGIN = 20
LOGO_HEIGHT = 16
#: Description, quantity, unit price, discount, tax, net: parts of the width.
WIDTHS = (69, 20, 25, 20, 16, 30)


def quote_pdf(quote: Quote, lines: Sequence[QuoteLine], *, logo: bytes = b"") -> bytes:
    """The whole document. The same quote gives the same pages."""
    with translation.override(quote.language):
        return _Document(quote, lines, logo).render()


class _Document:
    """Collects what is printed, then draws it: the font is cut to the letters in use."""

    def __init__(self, quote: Quote, lines: Sequence[QuoteLine], logo: bytes) -> None:
        self.quote, self.logo = quote, logo
        self.sums: Totals = totals(lines)
        self.table = [self._head(), *(self._row(line) for line in lines)]
        self.sum_rows = self._sums()
        self.facts = self._facts()
        self.page_label = _("Page %(page)s of %(pages)s")

    def render(self) -> bytes:
        pdf = self._open()
        self._top(pdf)
        self._block(pdf, self.quote.introduction)
        self._lines(pdf)
        self._totals(pdf)
        self._block(pdf, self.quote.terms, title=_("Terms"))
        return bytes(pdf.output())

    # What is said

    def _money(self, amount: Decimal) -> str:
        return format_money(amount, self.quote.currency, language=self.quote.language, exact=True)

    def _head(self) -> tuple[str, ...]:
        return _("Description"), _("Quantity"), _("Unit price"), _("Discount"), _("Tax"), _("Net")

    def _row(self, line: QuoteLine) -> tuple[str, ...]:
        text = line.description
        if line.recurring_period:
            text += f"\n{Period(line.recurring_period).label}"
        return (
            text,
            " ".join(part for part in (trimmed(line.quantity), line.unit) if part),
            unit_price(line.unit_price, self.quote.currency),
            f"{trimmed(line.discount_percent)} %" if line.discount_percent else "",
            f"{trimmed(line.tax_percent)} %",
            self._money(line.net),
        )

    def _sums(self) -> list[tuple[str, str]]:
        rows = [(_("Net"), self._money(self.sums.net))]
        for rate in self.sums.by_rate:
            if rate.percent:
                label = _("Tax %(percent)s %% on %(net)s") % {
                    "percent": trimmed(rate.percent), "net": self._money(rate.net)
                }  # fmt: skip
                rows.append((label, self._money(rate.tax)))
        rows.append((_("Total"), self._money(self.sums.total)))
        return rows

    def _facts(self) -> list[tuple[str, str]]:
        quote = self.quote
        facts = [(_("Quote"), str(quote)), (_("Date"), date_format(quote.quoted_on, "SHORT_DATE_FORMAT"))]
        if quote.valid_until:
            facts.append((_("Valid until"), date_format(quote.valid_until, "SHORT_DATE_FORMAT")))
        return facts

    def _recurring(self) -> str:
        """What is paid again and again, net."""
        if not self.sums.recurring:
            return ""
        parts = [f"{_('once')} {self._money(self.sums.one_off)}"] if self.sums.one_off else []
        parts += [f"{Period(period).label} {self._money(net)}" for period, net in self.sums.recurring.items()]
        return _("Of the net: %s") % " · ".join(parts)

    def _texts(self) -> str:
        quote = self.quote
        rows = [cell for row in [*self.table, *self.sum_rows, *self.facts] for cell in row]
        own = [quote.title, quote.sender, quote.recipient, quote.introduction, quote.terms, self._recurring()]
        return clean("".join([*rows, *own, self.page_label, _("Terms"), "0123456789{nb}"]))

    # How it is drawn

    def _open(self) -> FPDF:
        from fpdf import FPDF

        text = self._texts()
        self.chinese = any(map(is_cjk, text))
        label, pages = clean(self.page_label), "{nb}"

        class Pages(FPDF):
            def footer(self) -> None:
                self.set_y(-14)
                self.set_font("sans", size=8)
                self.set_text_color(*GREY)
                self.cell(0, 5, label % {"page": self.page_no(), "pages": pages})

        pdf = Pages(format="A4")
        pdf.set_title(clean(f"{self.quote} {self.quote.title}"))
        pdf.set_lang(self.quote.language)
        pdf.set_creation_date(self.quote.created_at)
        pdf.set_margins(MARGIN, 18, MARGIN)
        pdf.set_auto_page_break(True, margin=20)
        pdf.add_font("sans", fname=font_for(text))
        pdf.set_font("sans", size=9.5)
        pdf.set_draw_color(*LINE)
        pdf.add_page()
        return pdf

    def _top(self, pdf: FPDF) -> None:
        """Sender and logo, recipient beside the facts, the title."""
        left = pdf.epw * 0.58
        if self.logo:
            pdf.image(self.logo, x=pdf.l_margin + left, y=18, w=pdf.epw - left, h=LOGO_HEIGHT,
                      keep_aspect_ratio=True)  # fmt: skip
        name, _newline, rest = self.quote.sender.partition("\n")
        self._text(pdf, name, size=14, width=left)
        self._text(pdf, rest, size=8.5, colour=GREY, width=left)
        pdf.set_y(max(pdf.get_y(), 18 + (LOGO_HEIGHT if self.logo else 0)) + 10)
        top = pdf.get_y()
        self._text(pdf, self.quote.recipient, width=left)
        below = pdf.get_y()
        pdf.set_y(top)
        for label, value in self.facts:
            pdf.set_x(pdf.l_margin + left)
            pdf.set_text_color(*GREY)
            pdf.cell(28, 5, clean(label))
            pdf.set_text_color(*INK)
            pdf.cell(pdf.epw - left - 28, 5, clean(value), align="R", new_x="LMARGIN", new_y="NEXT")
        pdf.set_y(max(below, pdf.get_y()) + 10)
        self._text(pdf, self.quote.title, size=14)
        pdf.ln(3)

    def _text(self, pdf: FPDF, text: str, *, size: float = 9.5, colour: Any = INK, width: float = 0) -> None:
        if not text.strip():
            return
        pdf.set_font("sans", size=size)
        pdf.set_text_color(*colour)
        pdf.multi_cell(
            width, size * 0.5, clean(text), align="L", new_x="LMARGIN", new_y="NEXT", wrapmode=self._wrap
        )

    @property
    def _wrap(self) -> Any:
        """Chinese breaks between any two characters."""
        return "CHAR" if self.chinese else "WORD"

    def _block(self, pdf: FPDF, text: str, *, title: str = "") -> None:
        if text.strip():
            if title:
                pdf.ln(4)
                self._text(pdf, title, size=11)
                pdf.ln(1)
            self._text(pdf, text)
            pdf.ln(4)

    def _lines(self, pdf: FPDF) -> None:
        """The table; its head stands again on every page."""
        from fpdf.fonts import FontFace

        pdf.set_font("sans", size=9)
        pdf.set_text_color(*INK)
        with pdf.table(
            col_widths=WIDTHS,
            text_align=("LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT", "RIGHT"),
            headings_style=FontFace(color=GREY, fill_color=(244, 246, 248)),
            borders_layout="HORIZONTAL_LINES",
            line_height=5,
            v_align="TOP",
            padding=(1.2, 1),
            wrapmode=self._wrap,
        ) as table:
            for cells in self.table:
                row = table.row()
                for cell in cells:
                    row.cell(clean(cell))

    def _totals(self, pdf: FPDF) -> None:
        """The sums stand together on one page."""
        pdf.ln(3)
        if pdf.will_page_break(6 * (len(self.sum_rows) + 1)):
            pdf.add_page()
        left = pdf.epw * 0.42
        for number, (label, value) in enumerate(self.sum_rows, start=1):
            last = number == len(self.sum_rows)
            pdf.set_x(pdf.l_margin + left)
            pdf.set_font("sans", size=11.5 if last else 9.5)
            pdf.set_text_color(*(INK if last else GREY))
            pdf.cell((pdf.epw - left) * 0.6, 6, clean(label), border="T" if last else 0)
            pdf.set_text_color(*INK)
            pdf.cell((pdf.epw - left) * 0.4, 6, clean(value), align="R", border="T" if last else 0,
                     new_x="LMARGIN", new_y="NEXT")  # fmt: skip
        if self._recurring():
            pdf.set_font("sans", size=8.5)
            pdf.set_text_color(*GREY)
            pdf.multi_cell(0, 5, clean(self._recurring()), align="R", new_x="LMARGIN", new_y="NEXT",
                           wrapmode=self._wrap)  # fmt: skip


def clean(text: str) -> str:
    """Without what no page can show: control characters and halves of pairs."""
    kept = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(c for c in kept if c == "\n" or (c.isprintable() or c in "\u00a0\u202f\u3000"))
