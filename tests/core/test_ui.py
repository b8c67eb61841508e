"""The tags of the design system, and what its components promise."""

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from pytest_django.asserts import assertHTMLEqual

from core.templatetags.ui import has_tag, hue, initials, page_range, undo_url, widget_kind


def render(source, **values):
    values.setdefault("request", RequestFactory().get("/list/?q=a&page=2"))
    return Template("{% load ui %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Lovelace", "AL"),
        ("ada", "A"),
        ("王小明", "小明"),
        ("李雷", "李雷"),
        ("上海光学仪器有限公司", "上海"),
        ("jean-luc picard", "JP"),
        ("someone@example.com", "SC"),
        ("  ", "?"),
        (None, "?"),
        ("!!!", "?"),
    ],
)
def test_initials(name, expected):
    assert initials(name) == expected


def test_a_name_keeps_its_colour():
    assert hue("王小明") == hue("王小明")
    assert {hue(str(number)) for number in range(200)} == {f"hue-{number}" for number in range(1, 9)}


@pytest.mark.parametrize(
    ("tags", "url"),
    [
        ("undo:/history/4/undo/", "/history/4/undo/"),
        ("other undo:/x/", "/x/"),
        ("undo:https://evil.example/", ""),
        ("undo://evil.example/", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_undo_posts_to_this_site_alone(tags, url):
    assert undo_url(Message(constants.SUCCESS, "Done", extra_tags=tags)) == url


def test_a_toast_offers_undo_by_post():
    html = render(
        '{% ui "toast" level="success" text=text undo="/undo/" %}', text="<b>gone</b>", csrf_token="t"
    )
    assert '<form method="post" action="/undo/">' in html
    assert "csrfmiddlewaretoken" in html
    assert "&lt;b&gt;gone&lt;/b&gt;" in html


def test_components_see_nothing_of_the_page_but_what_is_passed():
    html = render('{% ui "badge" label="x" %}', tone="danger", icon="phone")
    assert "danger" not in html
    assert "<svg" not in html


def test_a_component_takes_a_body_and_named_parts():
    html = render(
        '{% component "card" title="Contacts" count=2 %}'
        "body{% fill actions %}act{% endfill %}{% endcomponent %}"
    )
    assert "body" in html
    assert html.index("act") < html.index("body")


def test_a_part_outside_a_component_is_an_error():
    with pytest.raises(TemplateSyntaxError):
        render("{% fill actions %}x{% endfill %}")


@pytest.mark.parametrize("source", ["{% ui %}", '{% ui "badge" nonsense %}', "{% fill %}{% endfill %}"])
def test_wrong_calls_are_errors(source):
    with pytest.raises(TemplateSyntaxError):
        render(source)


class Example(forms.Form):
    name = forms.CharField(help_text="As in the passport")
    hidden = forms.CharField(widget=forms.HiddenInput)
    agreed = forms.BooleanField()
    choice = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A")])
    file = forms.FileField()


def test_fields_are_laid_out_by_their_widget():
    form = Example()
    kinds = {name: widget_kind(form[name]) for name in form.fields}
    assert kinds == {
        "name": "text",
        "hidden": "hidden",
        "agreed": "check",
        "choice": "choices",
        "file": "file",
    }


def test_a_field_names_its_help_and_its_error():
    html = render('{% ui "field" field=form.name %}', form=Example({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_the_summary_links_to_each_field():
    html = render('{% ui "error_summary" form=form %}', form=Example({}))
    assert 'href="#id_name"' in html
    assert 'role="alert"' in html


def test_a_form_with_a_file_is_multipart():
    html = render('{% ui "form" form=form %}', form=Example(), csrf_token="t")
    assert 'enctype="multipart/form-data"' in html
    assert "csrfmiddlewaretoken" in html


def test_pages_keep_the_rest_of_the_query():
    html = render('{% ui "pagination" page=page %}', page=Paginator(range(100), 10).page(2))
    assert 'href="/list/?q=a&amp;page=3"' in html
    assert "11–20 of 100" in html


def test_far_pages_are_left_out():
    assert list(page_range(Paginator(range(1000), 10), 50)) == [1, "…", 48, 49, 50, 51, 52, "…", 100]


def test_tags_of_an_element():
    assert has_tag("danger,delete", "delete")
    assert has_tag(["danger"], "danger")
    assert not has_tag(None, "danger")


def test_sorted_columns_say_so():
    columns = [{"label": "Name", "sort_url": "?sort=-name", "sorted": "ascending"}, {"label": "Owner"}]
    html = render(
        '{% component "data_table" label="List" columns=columns %}<tr></tr>{% endcomponent %}',
        columns=columns,
    )
    assert html.count("aria-sort") == 1
    assert 'aria-sort="ascending"' in html


def test_a_body_keeps_its_markup_and_fills_may_depend_on_a_condition() -> None:
    source = (
        '{% component "card" title="T" %}<b>{{ name }}</b>'
        "{% if name %}{% fill footer %}<i>{{ name }}</i>{% endfill %}{% endif %}{% endcomponent %}"
    )
    shown = render(source, name="<x>")
    assert "<b>&lt;x&gt;</b>" in shown
    assert "<i>&lt;x&gt;</i>" in shown
    assert "<i>" not in render(source, name="")


def test_an_icon_points_into_the_file_browsers_keep():
    assert render('{% icon "plus" size=18 css="x" %}') == (
        '<svg class="icon x" width="18" height="18" aria-hidden="true">'
        '<use href="/static/img/icons.svg#plus"/></svg>'
    )


def test_an_icon_not_in_the_file_yet_is_drawn_in_the_page():
    assert render('{% icon "cake" %}').startswith(
        '<svg viewBox="0 0 24 24" aria-hidden="true" width="16" height="16" class="icon"><path d="'
    )


def test_a_select_is_written_without_a_template_for_each_option():
    class Form(forms.Form):
        one = forms.ChoiceField(
            choices=[("", "–"), ("a&b", "A & B"), ("Group", [(1, "<One>")])], initial="a&b", required=False
        )

    assertHTMLEqual(
        str(Form()["one"]),
        '<select name="one" id="id_one"><option value="">–</option>'
        '<option value="a&amp;b" selected>A &amp; B</option>'
        '<optgroup label="Group"><option value="1">&lt;One&gt;</option></optgroup></select>',
    )


def test_a_long_address_breaks_at_its_joints():
    template = Template("{% load ui %}{{ address|breakable }}")
    written = template.render(Context({"address": "a.b@care.example/<x>"}))
    assert written == "a<wbr>.b@<wbr>care<wbr>.example/<wbr>&lt;x&gt;"
