"""Remembered parts of a page: kept by their key, and never with what belongs to one request."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from core.templatetags.remember import MOST_KEPT


def page(source):
    template = Template("{% load i18n remember %}" + source)
    return lambda **values: template.render(Context(values))


def test_a_part_is_rendered_once_for_each_key():
    calls = []
    render = page("{% remember who %}{{ count }}-{{ who }}{% endremember %}")

    def count():
        calls.append(1)
        return len(calls)

    assert [render(who=who, count=count) for who in ("a", "a", "b", "a")] == ["1-a", "1-a", "2-b", "1-a"]
    assert len(calls) == 2


def test_the_language_is_part_of_every_key():
    render = page('{% remember %}{% translate "Yes" %}{% endremember %}')
    english = render()
    with translation.override("zh-hans"):
        assert render() != english
    assert render() == english


def test_live_parts_are_rendered_each_time_with_the_page_of_the_moment():
    live = "<{% live %}{{ csrf_token }}{% endlive %}|{% live %}{{ n }}{% endlive %}>"
    render = page("{% remember %}" + live + "{% endremember %}")
    assert [render(csrf_token=f"t{n}", n=n) for n in (1, 2)] == ["<t1|1>", "<t2|2>"]


def test_live_parts_escape_and_stand_in_included_templates():
    render = page("{% remember %}{% include part %}{% endremember %}")
    part = Template("{% load remember %}[{% live %}{{ path }}{% endlive %}]")
    assert [render(part=part, path=path) for path in ("/a", "/<b>")] == ["[/a]", "[/&lt;b&gt;]"]


@pytest.mark.parametrize("name", ["csrf_token", "csp_nonce", "unread_notifications"])
def test_what_belongs_to_one_request_cannot_be_kept(name):
    render = page("{% remember %}{{ " + name + " }}{% endremember %}")
    with pytest.raises(TemplateSyntaxError, match=name):
        render(**{name: "secret"})


def test_a_block_cannot_be_kept():
    with pytest.raises(TemplateSyntaxError, match="block"):
        page("{% remember %}{% block title %}{% endblock %}{% endremember %}")


def test_a_value_that_is_no_key_is_rendered_each_time():
    render = page("{% remember rows %}{{ rows.0 }}{{ n }}{% endremember %}")
    assert [render(rows=["x"], n=n) for n in (1, 2)] == ["x1", "x2"]


def test_a_part_inside_another_is_kept_with_it():
    inner = "{% remember %}{{ a }}{% live %}{{ n }}{% endlive %}{% endremember %}"
    render = page("{% remember a %}" + inner + "{% endremember %}")
    assert [render(a=a, n=n) for a, n in ((1, 1), (2, 2), (1, 3))] == ["11", "22", "13"]


def test_what_is_kept_is_bounded():
    template = Template("{% load remember %}{% remember n %}{{ n }}{% endremember %}")
    for n in range(MOST_KEPT + 10):
        assert template.render(Context({"n": n})) == str(n)
    (node,) = [node for node in template.nodelist if hasattr(node, "kept")]
    assert len(node.kept) == 10
