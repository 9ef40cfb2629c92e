"""The columns of a roster."""

from typing import Final

from verify_service.tables.model import Layout
from verify_service.tables.rules.people import ID_NUMBER_HEADINGS, NAME_HEADINGS

ROSTER_LAYOUT: Final = Layout(
    headings={
        "name": NAME_HEADINGS,
        "sex": ("性别",),
        "idNumber": ID_NUMBER_HEADINGS,
        "phone": ("手机号", "手机号码", "手机", "联系电话", "联系方式", "电话", "电话号码", "移动电话"),
        "partner": (
            "合作机构名称",
            "合作机构",
            "招生合作机构",
            "招生合作机构名称",
            "招生机构",
            "招生机构名称",
            "招生单位",
            "机构名称",
            "单位名称",
            "单位",
        ),
        "alsoOnlineHost": ("加考网络视听主播", "是否加考网络视听主播", "加考", "是否加考"),
        "documentType": ("证件类型", "证件类别", "证件种类", "身份证件类型"),
    },
    required=frozenset({"name", "sex", "idNumber", "phone", "partner"}),
    ignored=frozenset({"序号", "编号", "no"}),
)
