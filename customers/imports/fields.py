"""What columns of customer and contact files can fill."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.imports.fields import Field
from core.models import CustomField
from customers.constants import BuyingRole, Channel, CustomerKind, SizeBand
from customers.models import Contact, Customer

_WHO = _("Who")
_REACH = _("How to reach")
_WHERE = _("Where")
_FIRM = _("Company")
_OURS = _("Our side")
_PERSON = _("Person")
_MORE = _("More")
_CUSTOM = _("Custom fields")

_KINDS = {
    CustomField.Kind.NUMBER: "number",
    CustomField.Kind.MONEY: "number",
    CustomField.Kind.DATE: "date",
    CustomField.Kind.CHOICE: "choice",
    CustomField.Kind.MULTI: "tags",
    CustomField.Kind.BOOLEAN: "boolean",
    CustomField.Kind.LINK: "url",
}


def _length(model: Any, name: str) -> int:
    return model._meta.get_field(name).max_length or 255


def _text(model: Any, key: str, label: Any, group: Any, *synonyms: str, **more: Any) -> Field:
    return Field(key, label, synonyms, max_length=_length(model, key), group=group, **more)


def person_fields(model: Any) -> list[Field]:
    """Given and family name, the same for a person who is a customer and for a contact."""
    return [
        _text(model, "given_name", _("Given name"), _WHO, "first name", "firstname", "forename", "名"),
        _text(model, "family_name", _("Family name"), _WHO, "last name", "lastname", "surname", "姓"),
    ]


def reach_fields() -> list[Field]:
    """Contact methods: each takes several columns."""
    return [
        Field("email", _("E-mail"), ("email address", "mail", "emails", "邮箱", "电子邮件", "电子邮箱"),
              "email", many=True, max_length=254, group=_REACH),
        Field("phone", _("Phone"), ("telephone", "mobile", "cell", "tel", "fax", "phone number", "电话",
              "手机", "手机号", "手机号码", "联系电话", "座机"),
              "phone", many=True, max_length=254, group=_REACH),
        Field("website", _("Website"), ("web", "url", "homepage", "web site", "网站", "网址", "官网"),
              "url", many=True, max_length=254, group=_REACH),
        Field("chat", _("Chat"), ("wechat", "whatsapp", "skype", "messenger", "im", "微信"),
              many=True, max_length=254, group=_REACH),
        Field("social", _("Social media"), ("linkedin", "twitter", "x", "facebook", "weibo", "社交媒体"),
              many=True, max_length=254, group=_REACH),
    ]  # fmt: skip


def our_fields() -> list[Field]:
    """Owner, team and tags."""
    return [
        Field("owner", _("Owner"), ("account owner", "sales agent", "sales rep", "assigned to",
              "负责人", "所属销售", "跟进人"),
              review=True, group=_OURS, constant=True,
              help=_("The e-mail address or the name of a user. Without one, the record is yours.")),
        Field("team", _("Team"), ("sales team", "group", "团队", "部门"), max_length=80,
              review=True, group=_OURS, constant=True, help=_("Without one, the team of the owner.")),
        Field("tags", _("Tags"), ("labels", "categories", "keywords", "标签"), "tags",
              max_length=60, group=_OURS, constant=True),
    ]  # fmt: skip


def customer_fields() -> list[Field]:
    """Columns of a customer file; a company's row may hold a contact person too."""
    text = _text
    return [
        text(Customer, "name", _("Name"), _WHO, "company", "company name", "account", "account name",
             "organization", "organisation", "customer", "customer name", "business",
             "公司", "名称", "客户", "客户名称",
             "公司名称", "企业名称", "单位名称"),
        Field("kind", _("Kind"), ("type", "customer type", "类型", "客户类型"), "choice",
              choices=dict(CustomerKind.choices), group=_WHO, constant=True, review=True,
              help=_("Company or person. Without it, a row with a company name is a company.")),
        *person_fields(Customer),
        Field("external_id", _("Customer number"),
              ("customer id", "customerid", "id", "account id", "account number", "organization id",
               "external id", "customer no", "number", "编号", "客户编号"), max_length=80, group=_WHO),
        *reach_fields(),
        text(Customer, "domain", _("Domain"), _REACH, "web domain", "域名"),
        text(Customer, "street", _("Street"), _WHERE, "address", "street address", "address line 1",
             "地址", "详细地址", "街道"),
        text(Customer, "postcode", _("Postcode"), _WHERE, "zip", "zip code", "postal code", "plz",
             "邮编", "邮政编码"),
        text(Customer, "city", _("City"), _WHERE, "town", "locality", "城市"),
        text(Customer, "region", _("Region"), _WHERE, "state", "province", "county", "省", "省份", "地区"),
        Field("country", _("Country"), ("nation", "office location", "location", "land", "国家"), "country",
              max_length=80, group=_WHERE, review=True, constant=True),
        text(Customer, "industry", _("Industry"), _FIRM, "sector", "branch", "行业", "所属行业", review=True,
              constant=True),
        Field("size_band", _("Employees"),
              ("number of employees", "employee count", "headcount", "company size", "staff",
              "员工", "员工数", "公司规模"),
              group=_FIRM, help=_("A number of people, or a size such as 10–49.")),
        Field("annual_revenue", _("Annual revenue"), ("revenue", "turnover", "sales",
              "年收入", "营业额"), "money",
              group=_FIRM),
        Field("currency", _("Currency"), ("revenue currency", "币种"), "currency", max_length=3,
              group=_FIRM, constant=True),
        Field("founded", _("Founded"), ("year established", "founded in", "year founded", "established",
              "成立"),
              "integer", low=0, high=2200, group=_FIRM),
        Field("parent", _("Parent company"), ("subsidiary of", "parent account",
              "母公司", "上级公司", "上级客户"), max_length=200,
              group=_FIRM, help=_("Found by its number or name, in this file too.")),
        Field("job_title", _("Job title of the contact"), ("job title", "title", "position", "职位", "职务"),
              max_length=120, group=_PERSON),
        Field("contact_number", _("Number of the contact"), ("contact id", "contact number"),
              max_length=80, group=_PERSON),
        Field("birthday", _("Birthday"), ("date of birth", "dob", "birth date", "生日"), "date",
              group=_PERSON),
        Field("stage", _("Stage"), ("lifecycle stage", "status", "lead status",
              "阶段", "客户阶段", "客户状态"), max_length=60,
              review=True, group=_OURS, constant=True),
        Field("stage_since", _("In stage since"), ("subscription date", "customer since"), "date",
              group=_OURS),
        Field("source", _("Source"), ("lead source", "origin",
              "来源", "客户来源", "线索来源"), max_length=60, review=True,
              group=_OURS, constant=True),
        text(Customer, "campaign", _("Campaign"), _OURS, "campaign name", "活动", "市场活动", constant=True),
        Field("referred_by", _("Referred by"), ("referrer", "referral", "recommended by", "推荐人"),
              max_length=200, group=_OURS,
              help=_("A customer, found by its number or name, in this file too.")),
        *our_fields(),
        text(Customer, "language", _("Preferred language"), _MORE, "language", "语言"),
        Field("preferred_channel", _("Preferred channel"), ("channel", "contact by"), "choice",
              choices=dict(Channel.choices), group=_MORE),
        Field("description", _("Description"), ("notes", "note", "comments", "about", "备注", "描述"),
              "long_text", max_length=10_000, group=_MORE),
        *custom_fields(Customer),
    ]  # fmt: skip


def contact_fields() -> list[Field]:
    """Columns of a file of people."""
    text = _text
    return [
        text(Contact, "name", pgettext_lazy("person", "Name"), _WHO, "full name", "contact name", "contact",
             "display name", "formatted name", "姓名", "联系人", "联系人姓名"),
        *person_fields(Contact),
        text(Contact, "prefix", _("Title"), _WHO, "salutation", "honorific", "prefix", "称谓"),
        Field("external_id", _("Contact number"), ("contact id", "user id", "id", "uid", "person id", "编号"),
              max_length=80, group=_WHO),
        *reach_fields(),
        Field("company", _("Company"),
              ("company name", "account", "organization", "organisation", "org", "customer", "customers",
              "公司", "公司名称", "客户名称", "所属客户"),
              max_length=200, group=_FIRM, help=_("Found by its name, or made.")),
        Field("company_number", _("Customer number of the company"), ("customer id", "customer number"),
              max_length=80, group=_FIRM),
        text(Contact, "job_title", _("Job title"), _FIRM, "title", "position", "职位", "职务"),
        Field("buying_role", _("Buying role"), ("decision role",), "choice",
              choices=dict(BuyingRole.choices), group=_FIRM),
        Field("birthday", _("Birthday"), ("date of birth", "dob", "birth date", "生日"), "date", group=_WHO),
        text(Contact, "language", _("Language"), _MORE, "preferred language", "语言"),
        *our_fields(),
        Field("description", _("Description"), ("notes", "note", "comments", "about", "备注"), "long_text",
              max_length=10_000, group=_MORE),
        *custom_fields(Contact),
    ]  # fmt: skip


def custom_fields(model: Any) -> list[Field]:
    """The fields an administrator added to this kind of record."""
    rows = CustomField.objects.filter(model=model._meta.label_lower, archived=False)
    return [
        Field(
            f"custom.{row.key}",
            row.label,
            (row.key,),
            _KINDS.get(CustomField.Kind(row.kind), "text"),
            choices={value: value for value in row.choices} if row.kind == CustomField.Kind.CHOICE else None,
            max_length=2000,
            group=_CUSTOM,
            review=row.kind == CustomField.Kind.CHOICE,
        )
        for row in rows
        if row.kind != CustomField.Kind.PERSON
    ]


def size_band(text: str) -> str | None:
    """A band from its own name or from a number of people; None when it is neither."""
    compact = text.replace("–", "-").replace(",", "").replace(" ", "")
    if compact in SizeBand.values:
        return compact
    if not compact.isdigit() or len(compact) > 9:
        return None
    people = int(compact)
    for limit, band in ((1, "1"), (9, "2-9"), (49, "10-49"), (249, "50-249"), (999, "250-999")):
        if people <= limit:
            return band if people else None
    return "1000+"
