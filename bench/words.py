"""The vocabulary of the generated customers."""

# ruff: noqa: E501

from __future__ import annotations

HEADS = [
    first + second
    for first in ("Al", "Bran", "Cor", "Dal", "El", "Fen", "Gar", "Hol", "Ing", "Jor", "Kel", "Lun",
                  "Mar", "Nor", "Ost", "Pal", "Quin", "Ros", "Sol", "Tor", "Ul", "Ver", "Wes", "Zan")
    for second in ("bury", "dale", "ford", "gate", "heim", "land", "mark", "mere", "stone", "ton", "wick", "wood")
]  # fmt: skip
MIDDLES = ["Alpine", "Blue", "Central", "Eastern", "First", "General", "Harbour", "Iron", "New", "Nordic",
           "Pacific", "Red", "River", "Royal", "Silver", "Southern", "United", "Urban", "Vital", "Western"]  # fmt: skip
TAILS = [
    "Trading",
    "Foods",
    "Motors",
    "Textiles",
    "Logistics",
    "Labs",
    "Systems",
    "Partners",
    "Works",
    "Optics",
]
FORMS = ["Ltd", "GmbH", "Inc", "SARL", "BV", "AG"]
GIVEN = ["Ada", "Ben", "Chloé", "Dario", "Elif", "Farid", "Greta", "Hugo", "Inês", "Jonas", "Kaja", "Liam",
         "Mona", "Nils", "Olga", "Piotr", "Rosa", "Søren", "Tara", "Umar", "Vera", "Wanda", "Yara", "Zoë"]  # fmt: skip
FAMILY = [head + tail for head in HEADS[::3] for tail in ("", "er", "son")]
ZH_CITIES = ["北京", "上海", "广州", "深圳", "成都", "杭州", "南京", "武汉", "西安", "重庆"]
ZH_HEADS = [a + b for a in "华东南北中天金海宏瑞安信" for b in "东达盛通泰丰源诚和联"]
ZH_TAILS = [
    "贸易有限公司",
    "科技有限公司",
    "食品有限公司",
    "物流有限公司",
    "医药有限公司",
    "教育咨询有限公司",
]
ZH_FAMILY = list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗")
ZH_GIVEN = [a + b for a in "伟芳娜敏静丽强磊军洋" for b in "华明英杰涛平兰辉文玲"]
PLACES = [("Berlin", "Germany"), ("Lyon", "France"), ("Leeds", "United Kingdom"), ("Porto", "Portugal"),
          ("Milano", "Italy"), ("Gdańsk", "Poland"), ("Austin", "United States"), ("Toronto", "Canada")]  # fmt: skip
INDUSTRIES = ["Retail", "Manufacturing", "Health care", "Education", "Logistics", "Software", "Food", "Energy",
              "Construction", "Tourism"]  # fmt: skip
TITLES = ["Buyer", "Managing director", "Head of purchasing", "Engineer", "Accountant", "Assistant"]
TAGS = ["Key account", "Newsletter", "Fair 2025", "Partner", "Slow payer", "Reference", "VIP", "Reseller",
        "Trial", "Referred", "Public sector", "Watch"]  # fmt: skip
SOURCES = ["Web form", "Referral", "Trade fair", "Cold call", "Partner", "Advertisement"]
SUBJECTS = [
    "First call",
    "Price list sent",
    "Question about delivery",
    "Visit on site",
    "Follow-up",
    "Complaint",
]
TO_DO = ["Call back", "Send samples", "Prepare the offer", "Check payment terms", "Ask for a reference"]

#: What the search pages of the benchmark look for.
COMMON = "trading"
RARE = "quetzalith"
TWO_LETTERS = "no"
ZH_ONE = "华"
ZH_TWO = "宏达"
PHONE_DIGITS = "5550012"
