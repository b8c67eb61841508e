"""Parts of a page that are the same on every request, rendered once and kept in the process.

``{% remember user.theme navigation %}…{% live %}{% csrf_token %}{% endlive %}…{% endremember %}``

The named values, the language and the address prefix are the key, and the part may use nothing
else of the page: what is kept can therefore never be out of date, and no process has to tell
another to forget it. What belongs to one request stands in ``live`` and is rendered each time.
"""

import re
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.template.loader_tags import BlockNode
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST_KEPT = 256  # versions of one part; then it starts again
HOLES = "holes of a remembered part"  # a name no template can write
HOLE = re.compile("\x00(\\d+)\x00")
Part = str | Node


class _PerRequest:
    """Stands for a value of one request: to keep it would show it to somebody else."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        raise template.TemplateSyntaxError(f"{self.name} stands in {{% live %}} inside {{% remember %}}.")


PER_REQUEST = {
    name: _PerRequest(name) for name in ("csrf_token", "csp_nonce", "messages", "unread_notifications")
}


class RememberNode(Node):
    """Keeps the text of its body by key; live nodes stay nodes."""

    def __init__(self, vary: list[FilterExpression], nodelist: NodeList) -> None:
        self.vary = vary
        self.nodelist = nodelist
        self.kept: dict[tuple[Any, ...], list[Part]] = {}

    def render(self, context: Context) -> SafeString:
        if HOLES in context:  # inside another remembered part
            return self.nodelist.render(context)
        key = (get_language(), get_script_prefix(), *(value.resolve(context) for value in self.vary))
        try:
            parts = self.kept.get(key)
        except TypeError:  # a value that is no key: nothing can be kept
            return self.nodelist.render(context)
        if parts is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            parts = self.kept[key] = self._learn(context)
        found = [part if isinstance(part, str) else str(part.render_annotated(context)) for part in parts]
        return SafeString(  # nosec B703  # templates rendered every part
            "".join(found)
        )

    def _learn(self, context: Context) -> list[Part]:
        """The body as texts and the live nodes between them."""
        holes: list[Node] = []
        with context.push(**{HOLES: holes, **PER_REQUEST}):
            pieces: list[Any] = HOLE.split(self.nodelist.render(context))
        pieces[1::2] = [holes[int(number)] for number in pieces[1::2]]
        return pieces


class LiveNode(Node):
    """Rendered on every request, with what the page knows outside the remembered part."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        holes = context.get(HOLES)
        if holes is None:
            return self.nodelist.render(context)
        holes.append(self)
        return f"\x00{len(holes) - 1}\x00"


@register.tag
def remember(parser: Parser, token: Token) -> RememberNode:
    """``{% remember value … %}``: the body depends on these values and the language alone."""
    vary = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        raise template.TemplateSyntaxError("{% remember %} cannot hold a {% block %}: each page has its own.")
    return RememberNode(vary, nodelist)


@register.tag
def live(parser: Parser, token: Token) -> Node:
    """``{% live %}…{% endlive %}``: belongs to one request; may stand in an included template."""
    nodelist = parser.parse(("endlive",))
    parser.delete_first_token()
    return LiveNode(nodelist)
