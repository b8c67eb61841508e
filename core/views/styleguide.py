"""The developers' page of every component in all its states. Its URL exists only with DEBUG."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_POST

from core.charts import Series, bar_chart, funnel_chart, line_chart

PEOPLE = ["Ada Lovelace", "王小明", "María José Núñez", "欧阳娜娜", "Grace Hopper", "李雷"]
STAGES = ["Lead", "Qualified", "Opportunity", "Customer", "Loyal"]


NAVIGATION = [
    {"label": "Today", "url": "#", "icon": "sun", "shortcut": "t"},
    {
        "label": "Customers",
        "url": "/styleguide/",
        "icon": "building-office-2",
        "active": True,
        "shortcut": "c",
        "children": [
            {"label": "All customers", "url": "/styleguide/", "active": True},
            {"label": "Funnel", "url": "#"},
        ],
    },
    {"label": "Contacts", "url": "#", "icon": "users", "shortcut": "p"},
    {"label": "Activities", "url": "#", "icon": "clock", "shortcut": "a"},
    {"label": "Imports", "url": "#", "icon": "arrow-up-tray", "shortcut": "i"},
    {"label": "Settings", "url": "#", "icon": "cog-6-tooth"},
]


class ExampleForm(forms.Form):
    """One field of each kind, two of them with errors when the page is shown."""

    name = forms.CharField(help_text="As it stands on the contract.")
    email = forms.EmailField(label="E-mail")
    stage = forms.ChoiceField(choices=[(name.lower(), name) for name in STAGES])
    owner = forms.ChoiceField(choices=[("", "---------"), *((n, n) for n in PEOPLE)], required=False)
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    channel = forms.ChoiceField(
        choices=[("mail", "E-mail"), ("phone", "Phone"), ("chat", "Chat")],
        widget=forms.RadioSelect,
        required=False,
    )
    agreed = forms.BooleanField(label="May be contacted", required=False)


class ExampleUpload(forms.Form):
    file = forms.FileField(label="Drop a CSV, XLSX or vCard file here")


def _columns() -> list[dict[str, Any]]:
    return [
        {"label": "Name", "sort_url": "?sort=-name", "sorted": "ascending"},
        {"label": "Stage", "sort_url": "?sort=stage"},
        {"label": "Owner"},
        {"label": "Revenue", "sort_url": "?sort=revenue", "numeric": True},
        {"label": "Actions", "hidden_label": True},
    ]


def _stages(current: int) -> list[dict[str, Any]]:
    def state(index: int) -> str:
        return "current" if index == current else "done" if index < current else "todo"

    return [
        {"pk": i, "label": name, "state": state(i), "kind": "open", "url": "#stage"}
        for i, name in enumerate(STAGES)
    ]


def _columns_of_board() -> list[dict[str, Any]]:
    cards = [
        {"pk": i, "title": name, "version": 1, "who": PEOPLE[-1 - i], "meta": "Call · tomorrow"}
        for i, name in enumerate(PEOPLE)
    ]
    return [
        {"pk": i, "title": name, "cards": cards[i * 2 : i * 2 + 2], "share": 70 - 20 * i}
        for i, name in enumerate(STAGES[:4])
    ]


def _charts() -> list[Any]:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
    return [
        bar_chart(
            "Revenue by month",
            months,
            [
                Series("This year", [120, 180, 90, 240, 210, 260]),
                Series("Last year", [100, 150, 160, 130, 190, 170]),
            ],
            head="Month",
        ),
        line_chart(
            "New customers",
            months,
            [Series("Won", [4, 6, None, 9, 12, 11]), Series("Lost", [2, 3, 5, 3, 2, 4])],
            head="Month",
        ),
        funnel_chart("Funnel", STAGES, [1240, 610, 305, 140, 55]),
        bar_chart("Nothing yet", [], []),
    ]


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component, light and dark."""
    now = timezone.now()
    page = Paginator(range(12_345), 25).get_page(request.GET.get("page", 4))
    context = {
        "navigation": NAVIGATION,
        "unread_notifications": 3,
        "people": PEOPLE,
        "hues": range(1, 9),
        "tokens": [
            "bg",
            "surface",
            "surface-2",
            "surface-3",
            "border-strong",
            "text",
            "text-2",
            "accent",
            "accent-soft",
            "danger-fill",
            "warning",
            "success",
            "info",
        ],
        "columns": _columns(),
        "stages": _stages(2),
        "board": _columns_of_board(),
        "board_stages": [{"pk": i, "label": name} for i, name in enumerate(STAGES[:4])],
        "charts": _charts(),
        "form": ExampleForm({"name": "", "email": "no address", "stage": "lead"}),
        "fresh_form": ExampleForm(prefix="fresh"),
        "upload": ExampleUpload(prefix="upload"),
        "page": page,
        "sizes": [25, 50, 100],
        "now": now,
        "earlier": now - timedelta(hours=3),
        "filters": [
            {"label": "Stage", "value": "Lead", "remove_url": "?"},
            {"label": "Owner", "value": "王小明", "remove_url": "?"},
        ],
        "tabs": [
            {"label": "Overview", "url": "#", "active": True},
            {"label": "Timeline", "url": "#", "count": 24},
            {"label": "Orders", "url": "#", "count": 0},
        ],
        "menu": [
            {"label": "Edit", "url": "#", "icon": "pencil"},
            {"label": "Merge…", "url": "#", "icon": "arrows-pointing-in"},
            {"separator": True},
            {"label": "Move to the trash", "url": "#", "icon": "trash", "danger": True},
        ],
        "highlights": [
            {"label": "Lifetime value", "value": "€ 48,200", "note": "+12 %", "tone": "good"},
            {"label": "Last contact", "value": "3 days ago"},
            {"label": "Next step", "value": "Call, 24 Nov", "url": "#"},
            {"label": "Health", "value": "Good"},
            {"label": "In stage", "value": "41 days", "note": "usual: 20", "tone": "bad"},
        ],
        "rows": [
            {"label": "Industry", "value": "Precision optics", "edit_url": "/styleguide/inline/"},
            {"label": "Website", "value": "example.com", "url": "https://example.com"},
            {"label": "Phone", "value": "", "edit_url": "/styleguide/inline/"},
        ],
    }
    return render(request, "styleguide/index.html", context)


def options(request: HttpRequest) -> HttpResponse:
    """What a combobox asks for."""
    question = request.GET.get("q", "").lower()
    found = ((name, name) for name in PEOPLE if question in name.lower())
    return HttpResponse(format_html_join("", '<option value="{}" data-meta="Sales">{}</option>', found))


def inline(request: HttpRequest) -> HttpResponse:
    """The small form of an inline edit."""
    form = ExampleForm(request.POST or None, prefix="inline")
    context = {
        "id": "inline-row",
        "label": "Name",
        "action": request.path,
        "field": form["name"],
        "cancel_url": ".",
    }
    if request.method == "POST":
        value = request.POST.get("inline-name")
        return render(
            request,
            "components/field_row.html",
            {"id": "inline-row", "label": "Name", "value": value, "edit_url": request.path},
        )
    return render(request, "components/inline_form.html", context)


@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """A board's answer: the last column refuses, so that both ways can be seen."""
    if request.POST.get("stage") == "3":
        return JsonResponse({"message": "This customer has no order yet."}, status=422)
    return JsonResponse({"version": int(request.POST.get("version") or 0) + 1})


def progress(request: HttpRequest) -> HttpResponse:
    """A job that is done when it is asked about."""
    return HttpResponse(format_html('<p id="{}">{}</p>', "job", "Done."))
