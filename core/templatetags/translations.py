"""Django's ``i18n`` library (the settings put this one in its place), with quicker sentences."""

from django import template
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags |= i18n.register.tags
register.filters |= i18n.register.filters


class SentenceNode(Node):
    """A literal sentence is looked up once per language, not on every page at each of its places."""

    child_nodelists = ()

    def __init__(self, node: i18n.TranslateNode) -> None:
        self.asvar, node.asvar = node.asvar, None
        self.node = node
        self.kept: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        found = self.kept.get(language)
        if found is None:
            found = self.kept[language] = self.node.render(context)
        if self.asvar is None:
            return found
        context[self.asvar] = found
        return ""


@register.tag("trans")
@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """As Django's."""
    node = i18n.do_translate(parser, token)
    expression = node.filter_expression
    literal = expression.var.lookups is None and not expression.filters and node.message_context is None
    return SentenceNode(node) if literal else node
