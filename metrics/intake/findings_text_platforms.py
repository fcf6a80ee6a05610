"""The sentences of findings about what platform exports leave open, in English and Chinese. Pure."""

ENGLISH = {
    "MEMBER_MISSING": (
        "The zip file does not hold {value}.",
        "It holds: {members}. Export again with every table, or upload the table by itself.",
    ),
    "CURRENCY_UNCLEAR": (
        "“{value}” does not say which currency it is: {sign} may be {others}.",
        "Add the setting {setting}=… with the code of the currency, for example {setting}=USD.",
    ),
    "CURRENCY_ASSUMED": (
        "{sign} was read as {assumed}; it could also be {others}.",
        "If it is another currency, upload again with the setting {setting}=….",
    ),
    "ORDER_VALUE_DIFFERS": (
        "Row {row} gives {value} for {key}; its first line gives {first}.",
        "The amount of an order is repeated on each of its lines and has to be the same. Export the file again.",
    ),
    "DAY_NEEDED": (
        "The file does not say for which day it holds; “{value}” is no date.",
        "Add the setting {setting}=2026-03-31 with the day of the export, or hand in for that one day.",
    ),
    "PERIOD_NEEDED": (
        "The file does not say for which period it holds.",
        "Hand it in for a month, a week or a day.",
    ),
    "PERIOD_TOO_LONG": (
        "The file holds one sum for each row and no dates; it cannot be divided over {first} to {end}.",
        "Export it month by month, and hand in each month by itself.",
    ),
    "FILE_OLDER_THAN_PERIOD": (
        "The file's name says {named}, before the period begins on {first}.",
        "Choose the right period, or the right file.",
    ),
    "CONTROL_DIFFERS": (
        "{rule} The file states {stated}, its rows add up to {computed}; the difference is {difference}.",
        "Check whether rows are missing from the export.",
    ),
    "CONTROL_BROKEN": (
        "{rule} The file states {stated}, its rows add up to {computed}; the difference is {difference}.",
        "Rows are missing or were changed: export the file again and upload it as it is.",
    ),
    "KEYS_SHARED": (
        "“{sheet}” and “{other}” share {shared} keys ({examples}); {same} of them have exactly the same rows.",
        "If the exports overlap, upload again with the setting shared=same; the repeated rows are left out. "
        "If they are two stores that count alike, use shared=stores.",
    ),
    "CURRENCY_MISSING": (
        "The file does not say in which currency its amounts are.",
        "Add the setting {setting}=… with the code of the currency, for example {setting}=USD.",
    ),
    "CURRENCY_INVALID": (
        "“{value}” is no code of a currency.",
        "Write the setting {setting} with three letters, for example {setting}=USD.",
    ),
    "RATE_INVALID": (
        "“{value}” is no rate in percent.",
        "Write the setting {setting} as a plain number, for example {setting}=19.",
    ),
    "RANGE_OUTSIDE": (
        "The file says that it holds for {first} to {last}, which is not inside the period handed in.",
        "Choose the period of the file, or export it for the right days.",
    ),
    "SPAN_OF_MONTHS": (
        "Row {row} is about days of two months (until {value}); its amounts cannot be divided.",
        "Export with one row for each day or month.",
    ),
    "WINDOWS_MIXED": (
        "The tables count sales within different numbers of days ({windows}); such figures cannot be added.",
        "Hand in reports with one attribution window.",
    ),
    "NO_ROWS_IN_PERIOD": (
        "None of the {rows} rows lies in the period that is handed in.",
        "Choose the right period, or the right file.",
    ),
}

CHINESE = {
    "MEMBER_MISSING": (
        "压缩包里没有 {value}。",
        "其中有：{members}。请连同所有表格重新导出，或单独上传该表格。",
    ),
    "CURRENCY_UNCLEAR": (
        "“{value}”没有写明币种：{sign} 可能是 {others}。",
        "请添加设置 {setting}=币种代码，例如 {setting}=USD。",
    ),
    "CURRENCY_ASSUMED": (
        "{sign} 已按 {assumed} 读取；它也可能是 {others}。",
        "如果是别的币种，请加上设置 {setting}=… 重新上传。",
    ),
    "ORDER_VALUE_DIFFERS": (
        "第 {row} 行中 {key} 的金额是 {value}，而它的第一行是 {first}。",
        "同一订单的金额在每一行重复出现，必须相同。请重新导出文件。",
    ),
    "DAY_NEEDED": (
        "文件没有写明是哪一天的数据；“{value}”不是日期。",
        "请添加设置 {setting}=2026-03-31（导出当天），或按那一天提交。",
    ),
    "PERIOD_NEEDED": ("文件没有写明所属期间。", "请按月、按周或按天提交。"),
    "PERIOD_TOO_LONG": (
        "文件每行只有一个合计、没有日期，无法分摊到 {first} 至 {end}。",
        "请按月导出，并逐月提交。",
    ),
    "FILE_OLDER_THAN_PERIOD": (
        "文件名中的日期是 {named}，早于期间开始日 {first}。",
        "请选择正确的期间或文件。",
    ),
    "CONTROL_DIFFERS": (
        "{rule}文件写明 {stated}，各行合计 {computed}，相差 {difference}。",
        "请检查导出是否缺行。",
    ),
    "CONTROL_BROKEN": (
        "{rule}文件写明 {stated}，各行合计 {computed}，相差 {difference}。",
        "有行缺失或被改动：请重新导出，并原样上传。",
    ),
    "KEYS_SHARED": (
        "“{sheet}”与“{other}”有 {shared} 个相同的编号（{examples}），其中 {same} 个的各行完全一致。",
        "如果是导出范围重叠，请加设置 shared=same 重新上传，重复的行会略去；如果是两个编号相同的店铺，请用 "
        "shared=stores。",
    ),
    "CURRENCY_MISSING": ("文件没有写明金额的币种。", "请添加设置 {setting}=币种代码，例如 {setting}=USD。"),
    "CURRENCY_INVALID": ("“{value}”不是币种代码。", "请把设置 {setting} 写成三个字母，例如 {setting}=USD。"),
    "RATE_INVALID": ("“{value}”不是百分比税率。", "请把设置 {setting} 写成数字，例如 {setting}=19。"),
    "RANGE_OUTSIDE": (
        "文件写明的日期范围是 {first} 至 {last}，不在所报期间内。",
        "请选择与文件一致的期间，或按正确日期重新导出。",
    ),
    "SPAN_OF_MONTHS": ("第 {row} 行跨两个月（至 {value}），金额无法拆分。", "请按天或按月导出。"),
    "WINDOWS_MIXED": ("各表的归因天数不同（{windows}），数字不能相加。", "请提交归因窗口相同的报告。"),
    "NO_ROWS_IN_PERIOD": ("{rows} 行中没有一行在所报期间内。", "请选择正确的期间或文件。"),
}
