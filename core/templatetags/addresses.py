"""``{% url %}`` of every template (a builtin in the settings), quick where it can be."""

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import NoReverseMatch
from django.utils.html import escape

from core.addresses import page_url, row_url

register = template.Library()


class AddressNode(URLNode):
    """Resolves a name once for all: a page without arguments, a row by its number. A page of 25
    rows has a hundred of them; the rest is left to Django."""

    def render(self, context: Context) -> str:
        args = [arg.resolve(context) for arg in self.args]
        if self.kwargs or len(args) > 1 or not all(type(arg) is int for arg in args):
            return super().render(context)
        name = self.view_name.resolve(context)
        try:
            found = row_url(name, args[0]) if args else page_url(name)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar is None:
            return escape(found)
        context[self.asvar] = found
        return ""


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    """As Django's: ``{% url 'customers:customer_detail' row.pk %}``."""
    node = django_url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)
