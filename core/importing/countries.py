"""Names of countries as columns of files hold them, to tell such a column by content.

Not a list for choosing from: only names common enough to recognise a column.
"""

from __future__ import annotations

from core.text import fold

_NAMES = (
    "Afghanistan|Albania|Algeria|Andorra|Angola|Argentina|Armenia|Australia|Austria|"
    "Azerbaijan|Bahamas|Bahrain|Bangladesh|Barbados|Belarus|Belgium|Belize|Benin|Bermuda|"
    "Bhutan|Bolivia|Bosnia and Herzegovina|Botswana|Brazil|Brunei|Bulgaria|Burkina Faso|"
    "Burundi|Cambodia|Cameroon|Canada|Cape Verde|Chad|Chile|China|Colombia|Congo|"
    "Costa Rica|Croatia|Cuba|Cyprus|Czech Republic|Czechia|Denmark|Djibouti|Dominica|"
    "Dominican Republic|Ecuador|Egypt|EIRE|El Salvador|Estonia|Ethiopia|Fiji|Finland|"
    "France|Gabon|Gambia|Georgia|Germany|Ghana|Greece|Greenland|Guatemala|Guinea|Guyana|"
    "Haiti|Honduras|Hong Kong|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|Israel|"
    "Italy|Ivory Coast|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Korea|Kuwait|Kyrgyzstan|"
    "Laos|Latvia|Lebanon|Lesotho|Liberia|Libya|Liechtenstein|Lithuania|Luxembourg|Macao|"
    "Macau|Madagascar|Malawi|Malaysia|Maldives|Mali|Malta|Mauritius|Mexico|Moldova|"
    "Monaco|Mongolia|Montenegro|Morocco|Mozambique|Myanmar|Namibia|Nepal|Netherlands|"
    "New Zealand|Nicaragua|Niger|Nigeria|North Macedonia|Norway|Oman|Pakistan|Panama|"
    "Paraguay|Peru|Philippines|Poland|Portugal|Puerto Rico|Qatar|Romania|Russia|"
    "Russian Federation|Rwanda|Saudi Arabia|Senegal|Serbia|Seychelles|Singapore|Slovakia|"
    "Slovenia|Somalia|South Africa|South Korea|Spain|Sri Lanka|Sudan|Suriname|Sweden|"
    "Switzerland|Syria|Taiwan|Tajikistan|Tanzania|Thailand|Togo|Tonga|Tunisia|Turkey|"
    "Türkiye|Turkmenistan|Uganda|Ukraine|United Arab Emirates|United Kingdom|"
    "United States|United States of America|Uruguay|USA|UK|U.S.A.|Uzbekistan|Vanuatu|"
    "Venezuela|Vietnam|Yemen|Zambia|Zimbabwe|中国|美国|英国|法国|德国|日本|韩国|印度|加拿大|澳大利亚|新西兰|俄罗斯|"
    "意大利|西班牙|葡萄牙|荷兰|比利时|瑞士|瑞典|挪威|丹麦|芬兰|波兰|奥地利|希腊|土耳其|巴西|墨西哥|阿根廷|智利|新加坡|马来西亚|泰国|越南|印度尼西亚|"
    "菲律宾|香港|澳门|台湾|中国香港|中国澳门|中国台湾|南非|埃及|以色列|阿联酋|沙特阿拉伯"
)

COUNTRY_NAMES = frozenset(fold(name) for name in _NAMES.split("|"))
