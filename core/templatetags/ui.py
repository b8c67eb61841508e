"""Tags and filters of the design system; ``docs/design-system.md`` shows how to use them."""

import re
import zlib
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from heroicons.templatetags.heroicons import heroicon_outline

register = template.Library()

HUES = 8
UNDO_PREFIX = "undo:"
SPRITE = "img/icons.svg"
SYMBOL = re.compile('<symbol id="([^"]+)"')
SLOTS = "component slots"  # a name no template can write
# What a component may use of the page round it; everything else is passed by name.
SHARED = ("csrf_token", "request", "user", "csp_nonce", "LANGUAGE_CODE")
# What ``.icon`` in base.css says of all icons: a page has sixty of them.
DRAWN_BY_CSS = re.compile(
    r' (?:fill="none"|stroke="currentColor"|stroke-width="1\.5"|stroke-linecap="round"'
    r'|stroke-linejoin="round")'
    r"|\s+(?=[<>/])|(?<=>)\s+"
)
CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]")
# In a personal name the given name is what people are called by; keep its last two characters.
CJK_INITIALS = 2


@register.simple_tag
def icon(name: str, size: int = 16, css: str = "") -> SafeString:
    """An outline icon by its heroicons name, hidden from assistive technology."""
    return _icon(str(name), size, str(css), get_script_prefix())


@lru_cache(maxsize=512)
def _icon(name: str, size: int, css: str, prefix: str) -> SafeString:
    """Points into the file that browsers keep; what is not in it yet is drawn in the page."""
    css = f"icon {css}".strip()
    if name in _sprite():
        return format_html(
            '<svg class="{}" width="{}" height="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
            css, size, size, static(SPRITE), name,
        )  # fmt: skip
    # The package returns its own, escaped markup and declares it as plain ``str``.
    markup = str(heroicon_outline(name, size=size, **{"class": css}))
    return SafeString(  # nosec B703  # ours
        DRAWN_BY_CSS.sub("", markup)
    )


@cache
def _sprite() -> frozenset[str]:
    """The names in the file that ``scripts/icons.py`` makes."""
    path = finders.find(SPRITE)
    return frozenset(SYMBOL.findall(Path(str(path)).read_text())) if path else frozenset()


@register.filter
def initials(name: object) -> str:
    """One or two characters that stand for a name: ``Ada Lovelace`` AL, ``王小明`` 小明."""
    text = str(name or "").strip()
    if CJK.search(text):
        characters = "".join(CJK.findall(text))
        return characters[-CJK_INITIALS:] if len(characters) <= 4 else characters[:CJK_INITIALS]
    words = [word for word in re.split(r"[\s\-_.@]+", text) if word[:1].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def hue(name: object) -> str:
    """The class of the colour that always goes with this text: ``hue-1`` … ``hue-8``."""
    return f"hue-{zlib.crc32(str(name).encode()) % HUES + 1}"


@register.filter
def breakable(address: object) -> SafeString:
    """A long address that breaks where it can be read on: after @ and /, before a dot."""
    return SafeString(  # nosec B703  # escaped here
        re.sub(r"(@|/)|(?=\.)", r"\1<wbr>", escape(str(address)))
    )


@register.filter
def undo_url(message: Message) -> str:
    """The address that takes a message's act back, from ``extra_tags="undo:/path/"``.

    Only a path of this site counts, so that no message can post somewhere else.
    """
    for tag in (message.extra_tags or "").split():
        path = tag.removeprefix(UNDO_PREFIX)
        if tag.startswith(UNDO_PREFIX) and path.startswith("/") and not path.startswith("//"):
            return path
    return ""


@register.filter
def widget_kind(field: BoundField) -> str:
    """How a field is laid out: hidden, check, choices, file or text."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "check"
    return "file" if isinstance(widget, FileInput) else "text"


@register.filter
def has_tag(tags: object, tag: str) -> bool:
    """Whether a list of tags, or one string of them parted by commas, has this one."""
    names = tags.split(",") if isinstance(tags, str) else list(tags or [])  # type: ignore[call-overload]
    return tag in names


@register.filter
def page_range(paginator: Paginator, number: int) -> Iterator[int | str]:
    """The page numbers worth a link: the ends, those round ``number``, and gaps between."""
    return paginator.get_elided_page_range(number, on_each_side=2, on_ends=1)


class ComponentNode(Node):
    """Renders ``components/<name>.html`` with the given values and nothing of the page's own."""

    def __init__(
        self,
        name: FilterExpression,
        values: dict[str, FilterExpression],
        nodelist: NodeList | None = None,
    ):
        self.name = name
        self.values = values
        self.nodelist = nodelist or NodeList()

    def render(self, context: Context) -> SafeString:
        values = {key: context.get(key) for key in SHARED}
        values |= {key: value.resolve(context) for key, value in self.values.items()}
        slots: dict[str, str] = {}
        with context.push(**{SLOTS: slots}):
            values["slot"] = SafeString(  # nosec B703  # a template rendered it
                self.nodelist.render(context).strip()
            )
        values["slots"] = slots
        found = context.template.engine.get_template(  # type: ignore[union-attr]
            f"components/{self.name.resolve(context)}.html"
        )
        return found.render(context.new(values))


class FillNode(Node):
    """The part of a component's body that goes into one of its named places.

    It may stand inside an ``if`` or a ``for``: it hands its text to the component round it.
    """

    def __init__(self, name: str, nodelist: NodeList):
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        if SLOTS not in context:
            raise template.TemplateSyntaxError("{% fill %} stands inside {% component %}.")
        context[SLOTS][self.name] = self.nodelist.render(context)
        return ""


def _arguments(parser: Parser, token: Token) -> tuple[FilterExpression, dict[str, Any]]:
    tag, *bits = token.split_contents()
    if not bits:
        raise template.TemplateSyntaxError(f"{{% {tag} %}} needs the name of a component.")
    name, rest = parser.compile_filter(bits[0]), bits[1:]
    values = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError(f"{{% {tag} %}} takes name=value only: {rest[0]}")
    return name, values


@register.tag
def ui(parser: Parser, token: Token) -> ComponentNode:
    """``{% ui "badge" label=_("Late") tone="danger" %}``: a component without a body."""
    return ComponentNode(*_arguments(parser, token))


@register.tag
def component(parser: Parser, token: Token) -> ComponentNode:
    """``{% component "card" title=… %}…{% endcomponent %}``: a component round a body."""
    arguments = _arguments(parser, token)
    nodelist = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(*arguments, nodelist)


@register.tag
def fill(parser: Parser, token: Token) -> FillNode:
    """``{% fill actions %}…{% endfill %}``: what goes into the component's ``slots.actions``."""
    bits = token.split_contents()
    if len(bits) != 2:
        raise template.TemplateSyntaxError("{% fill %} takes one name.")
    nodelist = parser.parse(("endfill",))
    parser.delete_first_token()
    return FillNode(bits[1].strip("\"'"), nodelist)
