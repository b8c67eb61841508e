"""Products and prices: everybody in sales reads them, whoever leads sales keeps them. Quotes: with their
deal. The customer's page: whoever has the address."""

from __future__ import annotations

from typing import Any

from deals.services.quotes import send_quote
from tests.factories import deals as made
from tests.permissions.rules import EDIT, EVERYBODY, LEADERS, OPEN, SEE, act, form, page
from tests.permissions.sales.deals import deal

SECRET = "the address is the secret"

ROWS = {
    "deals:product_list": page(EVERYBODY, collection=True),
    "deals:product_export": page(EVERYBODY),
    "deals:product_options": page(EVERYBODY, query="q=pro"),
    "deals:product_create": form(LEADERS),
    "deals:product_detail": page(EVERYBODY, "product", collection=True),
    "deals:product_update": form(LEADERS, "product"),
    "deals:product_delete": form(LEADERS, "product"),
    "deals:pricebook_list": page(EVERYBODY, collection=True),
    "deals:pricebook_create": form(LEADERS),
    "deals:pricebook_detail": page(EVERYBODY, "price_book", collection=True),
    "deals:pricebook_update": form(LEADERS, "price_book"),
    "deals:pricebook_delete": form(LEADERS, "price_book"),
    "deals:price_create": form(LEADERS, "price_book"),
    "deals:price_update": form(LEADERS, "price"),
    "deals:price_delete": form(LEADERS, "price"),
    "deals:deal_lines": page(SEE, "deal", collection=True),
    "deals:deal_lines_edit": form(EDIT, "deal", collection=True, data={"rows": "0"}),
    "deals:deal_quotes": page(SEE, "deal", collection=True),
    "deals:quote_list": page(EVERYBODY, collection=True),
    "deals:quote_export": page(EVERYBODY),
    "deals:quote_create": form(EDIT, "deal"),
    "deals:quote_detail": page(SEE, "quote", collection=True),
    "deals:quote_update": form(EDIT, "quote"),
    "deals:quote_lines": form(EDIT, "quote", collection=True, data={"rows": "0"}),
    "deals:quote_delete": form(EDIT, "quote"),
    "deals:quote_document": page(SEE, "quote"),
    "deals:quote_send": form(EDIT, "quote"),
    "deals:quote_revise": act(EDIT, "sent_quote"),
    "deals:quote_answer": form(EDIT, "sent_quote"),
    "deals:quote_win": act(EDIT, "sent_quote"),
    "deals:quote_link": act(EDIT, "sent_quote"),
    "deals:quote_logo": form(LEADERS),
    "deals:public_quote": form(OPEN, kwargs={"secret": "guessed"}, why=SECRET),
    "deals:public_quote_document": page(OPEN, kwargs={"secret": "guessed"}, why=SECRET),
}


def quote(world: Any, owner: Any) -> Any:
    row = made.QuoteFactory(deal=deal(world, owner))
    made.QuoteLineFactory(quote=row)
    return row


def sent_quote(world: Any, owner: Any) -> Any:
    row = quote(world, owner)
    send_quote(row, actor=owner)
    return row


MAKERS = {
    "product": lambda world, owner: made.ProductFactory(),
    "price_book": lambda world, owner: made.PriceBookFactory(),
    "price": lambda world, owner: made.PriceFactory(),
    "quote": quote,
    "sent_quote": sent_quote,
}
