"""A quote as large as quotes get in practice, in Chinese, which takes the most work."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

LINES = 30


def load_quote(user: Any) -> int:
    """One draft of a deal of this person, made once; returns its id."""
    from accounts.clock import today
    from deals.documents import fonts
    from deals.models import Deal, Quote, QuoteLine
    from deals.pricing import line_amounts

    fonts.chinese_cut()  # made by a job where people work
    found = Quote._base_manager.filter(number="BENCH-1").values_list("pk", flat=True).first()
    if found:
        return found
    deal = Deal.objects.visible_to(user).filter(owner=user).order_by("pk")[0]
    quote = Quote._base_manager.create(
        number="BENCH-1", deal=deal, title="仓库系统与实施服务", recipient="上海长江软件有限公司\n上海",
        language="zh-hans", currency="CNY", quoted_on=today(), valid_until=today() + timedelta(days=30),
        terms="付款条件：收到发票后 30 天内付款。接受报价后四周内交付。" * 5,
    )  # fmt: skip
    for position in range(1, LINES + 1):
        amounts = line_amounts(Decimal(3), Decimal("1234.5"), Decimal(5), Decimal(6), "CNY")
        QuoteLine._base_manager.create(
            quote=quote, position=position, description=f"专业版席位，十二个月，含培训与实施 {position}",
            quantity=Decimal(3), unit="套", unit_price=Decimal("1234.5"), discount_percent=Decimal(5),
            tax_percent=Decimal(6), net=amounts.net, tax=amounts.tax,
        )  # fmt: skip
    return quote.pk
