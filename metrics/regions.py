"""Pure. Countries by ISO code with their names and the region they belong to."""

# region code: (zh, en, position)
REGIONS = {
    "Europe": ("欧洲", "Europe", 1),
    "North America": ("北美", "North America", 2),
    "Asia-Pacific": ("亚太", "Asia-Pacific", 3),
    "Latin America": ("拉美", "Latin America", 4),
    "Middle East": ("中东", "Middle East", 5),
    "Africa": ("非洲", "Africa", 6),
}

# ISO 3166-1 alpha-2: (region, English name = member code, Chinese name)
COUNTRIES = {
    "GB": ("Europe", "United Kingdom", "英国"), "DE": ("Europe", "Germany", "德国"), "FR": ("Europe", "France", "法国"),
    "IT": ("Europe", "Italy", "意大利"), "ES": ("Europe", "Spain", "西班牙"), "NL": ("Europe", "Netherlands", "荷兰"),
    "BE": ("Europe", "Belgium", "比利时"), "PL": ("Europe", "Poland", "波兰"), "SE": ("Europe", "Sweden", "瑞典"),
    "AT": ("Europe", "Austria", "奥地利"), "CH": ("Europe", "Switzerland", "瑞士"), "IE": ("Europe", "Ireland", "爱尔兰"),
    "PT": ("Europe", "Portugal", "葡萄牙"), "DK": ("Europe", "Denmark", "丹麦"), "NO": ("Europe", "Norway", "挪威"),
    "FI": ("Europe", "Finland", "芬兰"), "IS": ("Europe", "Iceland", "冰岛"), "GR": ("Europe", "Greece", "希腊"),
    "CY": ("Europe", "Cyprus", "塞浦路斯"), "MT": ("Europe", "Malta", "马耳他"), "CZ": ("Europe", "Czech Republic", "捷克"),
    "HU": ("Europe", "Hungary", "匈牙利"), "RO": ("Europe", "Romania", "罗马尼亚"), "BG": ("Europe", "Bulgaria", "保加利亚"),
    "HR": ("Europe", "Croatia", "克罗地亚"), "SK": ("Europe", "Slovakia", "斯洛伐克"), "SI": ("Europe", "Slovenia", "斯洛文尼亚"),
    "LT": ("Europe", "Lithuania", "立陶宛"), "LV": ("Europe", "Latvia", "拉脱维亚"), "EE": ("Europe", "Estonia", "爱沙尼亚"),
    "LU": ("Europe", "Luxembourg", "卢森堡"), "UA": ("Europe", "Ukraine", "乌克兰"), "RU": ("Europe", "Russia", "俄罗斯"),
    "TR": ("Europe", "Turkey", "土耳其"),
    "US": ("North America", "United States", "美国"), "CA": ("North America", "Canada", "加拿大"),
    "MX": ("Latin America", "Mexico", "墨西哥"), "BR": ("Latin America", "Brazil", "巴西"),
    "CL": ("Latin America", "Chile", "智利"), "CO": ("Latin America", "Colombia", "哥伦比亚"),
    "AR": ("Latin America", "Argentina", "阿根廷"), "PE": ("Latin America", "Peru", "秘鲁"),
    "CN": ("Asia-Pacific", "China", "中国"), "HK": ("Asia-Pacific", "Hong Kong", "中国香港"),
    "TW": ("Asia-Pacific", "Taiwan", "中国台湾"), "JP": ("Asia-Pacific", "Japan", "日本"),
    "KR": ("Asia-Pacific", "South Korea", "韩国"), "SG": ("Asia-Pacific", "Singapore", "新加坡"),
    "MY": ("Asia-Pacific", "Malaysia", "马来西亚"), "TH": ("Asia-Pacific", "Thailand", "泰国"),
    "VN": ("Asia-Pacific", "Vietnam", "越南"), "PH": ("Asia-Pacific", "Philippines", "菲律宾"),
    "ID": ("Asia-Pacific", "Indonesia", "印度尼西亚"), "IN": ("Asia-Pacific", "India", "印度"),
    "AU": ("Asia-Pacific", "Australia", "澳大利亚"), "NZ": ("Asia-Pacific", "New Zealand", "新西兰"),
    "AE": ("Middle East", "United Arab Emirates", "阿联酋"), "SA": ("Middle East", "Saudi Arabia", "沙特阿拉伯"),
    "IL": ("Middle East", "Israel", "以色列"), "LB": ("Middle East", "Lebanon", "黎巴嫩"),
    "BH": ("Middle East", "Bahrain", "巴林"), "QA": ("Middle East", "Qatar", "卡塔尔"),
    "ZA": ("Africa", "South Africa", "南非"), "EG": ("Africa", "Egypt", "埃及"), "NG": ("Africa", "Nigeria", "尼日利亚"),
}  # fmt: skip

# How files write some places: shown as written, placed in the tree by this list.
WRITTEN = {
    "EIRE": "IE", "USA": "US", "RSA": "ZA", "UK": "GB", "Korea": "KR", "UAE": "AE", "Czechia": "CZ",
    "Türkiye": "TR", "Holland": "NL", "The Netherlands": "NL",
}  # fmt: skip
WRITTEN_REGION = {"Channel Islands": "Europe", "European Community": "Europe"}

_BY_NAME = {
    **{name.casefold(): iso for iso, (_region, name, _zh) in COUNTRIES.items()},
    **{zh: iso for iso, (_region, _name, zh) in COUNTRIES.items()},
    **{iso.casefold(): iso for iso in COUNTRIES},
}


def iso_of(text: str) -> str:
    """The ISO code of a country written as code or as its full name in either language; "" where unknown."""
    return _BY_NAME.get(text.strip().casefold(), "")


def place(text: str) -> tuple[str, str, str, str]:
    """(member code, ISO code, Chinese name, region) of a country as written in a file.

    A known name or code becomes its English name; any other spelling stays as written, so that figures by
    country can be found again in the file.
    """
    if iso := iso_of(text):
        region, name, zh = COUNTRIES[iso]
        return name, iso, zh, region
    iso = WRITTEN.get(text, "")
    zh, region = (COUNTRIES[iso][2], COUNTRIES[iso][0]) if iso else ("", WRITTEN_REGION.get(text, ""))
    return text, iso, zh, region
