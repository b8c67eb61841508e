"""The headers Chinese spreadsheets use, and those our own exports write in Chinese."""

import pytest
from django.utils import translation

from core.importing.mapping import suggest_mapping
from core.imports import registry

pytestmark = pytest.mark.django_db


def mapped(target: str, headers: list[str], row: list[str]) -> dict[str, str]:
    fields = [field.for_suggestion() for field in registry.get(target).fields()]
    return {item.header: item.field for item in suggest_mapping(headers, [row], fields) if item.field}


def test_a_chinese_customer_file_is_mapped():
    headers = ["客户名称", "电子邮箱", "联系电话", "所属行业", "省份", "客户来源"]
    row = ["云帆科技有限公司", "info@yunfan.example", "+86 21 5555 0123", "软件", "上海", "展会"]
    assert mapped("customers.customer", headers, row) == {
        "客户名称": "name",
        "电子邮箱": "email",
        "联系电话": "phone",
        "所属行业": "industry",
        "省份": "region",
        "客户来源": "source",
    }


def test_a_chinese_contact_file_is_mapped():
    headers = ["联系人姓名", "公司名称", "职务", "手机号"]
    row = ["王明", "云帆科技有限公司", "采购经理", "+86 138 0000 0000"]
    assert mapped("customers.contact", headers, row) == {
        "联系人姓名": "name",
        "公司名称": "company",
        "职务": "job_title",
        "手机号": "phone",
    }


def test_labels_in_chinese_tell_the_fields_apart():
    """An export in Chinese can be imported again only if no two columns are called the same."""
    with translation.override("zh-hans"):
        for importer in registry.all_importers():
            labels = [str(field.label) for field in importer.fields()]
            assert len(labels) == len(set(labels)), importer.key
