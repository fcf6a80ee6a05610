"""The sentences of findings in Chinese: code → (message, hint). Pure."""

SAVE_XLSX = "请用 Excel 打开，另存为 Excel 工作簿（.xlsx），再上传该文件。"
NEAREST = {
    "nearest": "你想填的是：{nearest}？",
    "allowed": "可填：{allowed}。",
    "": "请使用模板所列的取值。",
}

TEXTS = {
    "UNKNOWN": ("文件存在问题，类型为 {code}。", "请向数据管理员咨询处理办法。"),
    # 文件
    "FILE_EMPTY": ("文件是空的（0 字节）。", "请重新导出，并确认文件有内容。"),
    "FILE_TOO_LARGE": (
        "文件大小为 {size_mib} MiB，上限为 {limit_mib} MiB。",
        "请拆分文件（例如按月份或平台）后分别上传。",
    ),
    "BAD_FILE_NAME": ("文件名无法使用。", "请重命名后再上传。"),
    "TYPE_NOT_ACCEPTED": ("此处无法读取 .{ending} 文件。", "可上传的类型：{accepted}。"),
    "PACKED": (
        "文件是 {packed} 压缩文件，此处不会解压。",
        "请解压后上传其中的文件，或改用 .zip 压缩。",
    ),
    "TYPE_MISMATCH": (
        "文件名以 .{ending} 结尾，但内容是 {content}。",
        "请按内容修改扩展名，或按扩展名所示的格式另存。",
    ),
    "OLD_XLS": ("这是旧版 Excel 格式（.xls）的工作簿。", SAVE_XLSX),
    "MACROS": ("工作簿包含宏。", "请另存为不含宏的 .xlsx 文件后上传。"),
    "ENCRYPTED": ("工作簿设有密码保护。", "请取消密码后重新上传。"),
    "NOT_XLSX": ("这不是 Excel 工作簿，或文件已损坏。", SAVE_XLSX),
    "HTML_TABLE": ("这是以 Excel 文件名保存的网页。", SAVE_XLSX),
    "ZIP_BROKEN": (
        {"part": "压缩包已损坏（位于 {part}）。", "": "压缩包已损坏。"},
        "请重新下载或导出；如果是工作簿，请用 Excel 打开后重新保存。",
    ),
    "ZIP_CONTENT": (
        "压缩包内含有 csv 以外的文件：{value}。",
        "请只打包 .csv、.tsv 或 .txt 文件，不要嵌套压缩包。",
    ),
    "UNPACKED_TOO_LARGE": (
        "文件解压后达 {size_mib} MiB，上限为 {limit_mib} MiB。",
        "请删除无用的工作表、格式和空行，或拆分文件。",
    ),
    "TOO_MANY_PARTS": ("文件包有 {parts} 个部件，上限为 {limit}。", "请将数据复制到新工作簿后保存。"),
    "TOO_MANY_CELLS": ("工作簿的单元格超过 {limit} 个。", "请按月份或平台拆分文件。"),
    "CELL_OUT_OF_RANGE": (
        "单元格 {value} 超出 {columns} 列 × {rows} 行的范围。",
        "请删除多余的单元格，或将表格复制到新工作簿。",
    ),
    "XML_DTD": (
        "工作簿的部件（{part}）含有不允许的 DOCTYPE。",
        "请在 Excel 中将数据复制到新工作簿后保存。",
    ),
    "XML_BROKEN": ("工作簿的部件（{part}）无法读取。", SAVE_XLSX),
    "EMBEDDED_IGNORED": ("工作簿内嵌有其他文件，系统没有打开它们。", "如果表格本身完整，则无需处理。"),
    "EXTERNAL_LINK": (
        "工作簿链接到其他工作簿，系统采用了最后保存的数值。",
        "请确认保存文件时链接的数值是最新的。",
    ),
    "READER_FAILED": ("工作簿无法读取，读取程序已停止。", SAVE_XLSX),
    "READER_TIMEOUT": ("读取工作簿超过 {limit} 秒。", "请拆分文件，或导出为 CSV。"),
    "SHEET_MISSING": ("工作簿中没有名为“{value}”的工作表。", "文件中的工作表：{sheets}。"),
    "OTHER_SHEETS_IGNORED": (
        "只读取了工作表“{sheet}”，另有 {count} 个列相同的工作表没有读取。",
        "如果其他工作表也属于本报告，请逐个上传。",
    ),
    # 编码
    "ENCODING_GB18030": (
        "文件不是 UTF-8，已按中文编码（GB18030）读取。开头为：{preview}",
        "请确认文字显示正确。保存为“CSV UTF-8”可避免此问题。",
    ),
    "ENCODING_GUESSED": (
        "文件不是 UTF-8，已按 {encoding} 读取。开头为：{preview}",
        "请确认文字显示正确，或选择其他编码。",
    ),
    "ENCODING_UNKNOWN": (
        "无法判断文件的编码，可能是 {previews}",
        "请选择能正确显示文字的编码，或将文件保存为“CSV UTF-8”。",
    ),
    "ENCODING_MIXED": (
        "文件混用了两种编码：从第 {row} 行（第 {byte} 字节）起是另一种。",
        "文件可能由不同程序的导出拼接而成。请分别保存为“CSV UTF-8”后再合并。",
    ),
    "ENCODING_INVALID": (
        {
            "row": "第 {row} 行含有无效字符的字节（第 {byte} 字节）。",
            "": "文件含有无效字符的字节（第 {byte} 字节）。",
        },
        "请重新导出为“CSV UTF-8”。",
    ),
    "NUL_BYTE": (
        "第 {row} 行 {column} 列含有 NUL 字节。",
        "文件已损坏，或者不是文本文件。请重新导出。",
    ),
    # 结构
    "QUOTE_OPEN": (
        "第 {row} 行 {column} 列开始的引号没有关闭。",
        "请补上或删除该引号，否则其后的内容都会被读成一个单元格。",
    ),
    "QUOTE_BROKEN": (
        "第 {row} 行 {column} 列开始的带引号单元格，在引号关闭后仍有内容。",
        '带引号单元格内的引号请写两次（""），或将其删除。',
    ),
    "ROW_LENGTH": (
        "第 {row} 行有 {values} 个值，而表头有 {headers} 列。",
        "该行缺少或多出分隔符；含有分隔符的单元格必须加引号。能确定所属列的单元格已经检查，其余的在补齐该行后检查。",
    ),
    "ROW_TOO_LONG": ("文件中有一行过长，无法读取。", "请检查是否有未关闭的引号。"),
    "TOO_MANY_ROWS": ("表格超过 {limit} 行。", "请按月份或平台拆分。"),
    "TOO_MANY_COLUMNS": ("表格有 {columns} 列，上限为 {limit} 列。", "请删除无用的列。"),
    "HEADER_MISSING": (
        {
            "nearest": "没有找到表头，文件似乎直接从数据开始。最接近的模板是 {nearest}。",
            "": "没有找到表头，文件似乎直接从数据开始。",
        },
        "请在第一行填写列名。应有的列：{expected}。",
    ),
    "HEADER_UNKNOWN": (
        "无法识别列“{value}”。",
        {"near": "你想填的是“{near}”？请修改列名或删除该列。", "": "请修改列名或删除该列。"},
    ),
    "HEADER_REQUIRED": ("缺少以下列：{names}。", "请在表头中补上这些列。"),
    "HEADER_DUPLICATE": ("列“{value}”出现两次，位于 {first} 列和 {column} 列。", "请只保留其中一列。"),
    "HEADER_VARIANT": ("列“{value}”已按“{meant}”读取。", "如果内容相符，则无需处理。"),
    "SUM_TOO_LARGE": ("合计超出可以精确保存的范围。", "请检查位数过多的数字，或拆分文件。"),
    "NO_ROWS": ("表格没有数据行。", "请在表头下方至少填写一行。"),
    "TOTAL_ROW": ("第 {row} 行是合计行（“{value}”），没有计入。", "无需处理。"),
    "TOTAL_DIFFERS": (
        "合计行中“{header}”为 {stated}，而各行之和为 {sum}。",
        "请检查是否缺行，或合计是否已过时。",
    ),
    "TOTALS_DIFFER": (
        "各合计行的“{header}”相加为 {stated}，而各行之和为 {sum}。",
        "请检查是否缺行，或某个合计是否已过时。",
    ),
    "KEY_DUPLICATE": (
        "第 {row} 行与第 {first} 行的主键相同。",
        "每个组合只能出现一次。请合并这两行，或删除其中一行。",
    ),
    "RULE_BROKEN": ("第 {row} 行：{rule}", "请更正该行的数值。"),
    # 单元格
    "REQUIRED": ("单元格为空。", "请填写；数值为零时请写 0。"),
    "VALUE_MISSING": ("“{value}”已按缺失值处理。", "请将单元格留空，或填写数字。"),
    "CELL_TOO_LONG": ("单元格有 {chars} 个字符，上限为 {limit}。", "请缩短文字。"),
    "TEXT_TOO_LONG": ("文字有 {chars} 个字符，上限为 {limit}。", "请缩短文字。"),
    "CHAR_FORBIDDEN": ("单元格含有此处不允许的字符 {char}。", "请重新键入，不要粘贴。"),
    "ZERO_WIDTH_REMOVED": ("已删除单元格中的不可见字符。", "无需处理。"),
    "ID_PRECISION_LOST": (
        "该编号已被电子表格四舍五入，末几位已丢失。",
        "请将该列设为文本格式，重新粘贴原始值后上传。",
    ),
    "ID_LOOKS_LIKE_DATE": ("电子表格把该编码变成了日期。", "请将该列设为文本格式，重新输入编码后上传。"),
    "VALUE_UNKNOWN": ({"lookalike": "“{value}”只是看起来像 {nearest}。", "": "无法识别“{value}”。"}, NEAREST),
    "NUMBER_FORMAT": ("“{value}”不是数字。", "请只写数字和一个小数点，例如 1234.56。"),
    "NUMBER_UNIT": ("“{value}”带有此处不应出现的单位或符号。", "请只写数字；币种有单独的列。"),
    "NUMBER_AMBIGUOUS": (
        "“{value}”有两种含义：千位分隔或小数。",
        "请选择文件的小数点，或去掉千位分隔符。",
    ),
    "NUMBER_PRECISION": (
        "“{value}”位数过多：整数部分最多 {digits} 位，小数部分最多 {decimals} 位。",
        "请在来源处取舍，或检查是否填错了列。",
    ),
    "NUMBER_FULLWIDTH": ("“{value}”使用了全角数字，已按数字读取。", "无需处理。"),
    "OUT_OF_RANGE": (
        {
            "percent": "{value} 超出允许范围；你想填的是 {value}% 吗？",
            "minimum maximum": "{value} 超出允许范围（{minimum} 至 {maximum}）。",
            "minimum": "{value} 太小，允许的最小值是 {minimum}。",
            "maximum": "{value} 太大，允许的最大值是 {maximum}。",
            "": "{value} 超出允许范围。",
        },
        "请检查数值的正负号和单位。",
    ),
    "EXCEL_ERROR": ("单元格是电子表格错误值 {value}。", "请更正公式后重新保存文件。"),
    "FORMULA_NO_VALUE": ("单元格的公式没有保存结果。", "请用 Excel 打开文件，重新保存后上传。"),
    "DATE_INVALID": ("“{value}”不是此处可用的日期。", "日期请写成 2026-03-31。"),
    "DATE_AMBIGUOUS": ("“{value}”无法判断先写的是日还是月。", "日期请写成 2026-03-31，或为此文件选择顺序。"),
    "PERIOD_MISMATCH": (
        "{value} 不在所报期间内（{first} 起，至 {end} 之前）。",
        "请选择正确的期间，或删除其他期间的行。",
    ),
    # 一次提交的多个表
    "PART_MISSING": (
        "缺少一部分：{title}。",
        "请与其他文件一起提交。它的列有：{names}。",
    ),
    "TABLE_UNKNOWN": (
        "“{value}”不属于这次提交的任何一部分。",
        "请去掉它，或检查表头。应有的部分：{title}。",
    ),
    "LOOKUP_DUPLICATE": (
        "{column} 列（{header}）的“{value}”在第 {first} 行已出现；每个值只应有一行。",
        "请只保留其中一行。",
    ),
    "LOOKUP_MISSING": (
        "{column} 列（{header}）的“{value}”不在表“{title}”中。",
        "请在同一时刻导出两个表，或更正该值。",
    ),
    "LOOKUP_MISSING_NOTED": (
        "{column} 列（{header}）的“{value}”不在表“{title}”中；该行照常计入。",
        "如有需要，请补充到该表。",
    ),
    "LOOKUP_UNUSED": (
        "{column} 列（{header}）的“{value}”没有任何行用到。",
        "请确认两个表属于同一期间。",
    ),
    "LOOKUP_TOO_LARGE": (
        "用于关联的表超过 {limit} 行。",
        "请按月拆分后提交。",
    ),
    "TEXT_IN_NUMBER": (
        "数字列 {header}（{column} 列）中是文字：“{value}”。按未知处理，不算作零。",
        "如果该数字确实未知，无需处理。",
    ),
    "TEXT_IN_DATE": (
        "日期列 {header}（{column} 列）中是文字：“{value}”。按未知处理。",
        "如果该日期确实未知，无需处理。",
    ),
}
