"""The sentences of findings in English: code → (message, hint). Pure."""

SAVE_XLSX = "Open it in Excel and save it as an Excel workbook (.xlsx), then upload that file."
NEAREST = {
    "nearest": "Did you mean: {nearest}?",
    "allowed": "Allowed here: {allowed}.",
    "": "Use one of the values listed in the template.",
}

TEXTS = {
    "UNKNOWN": ("The file has a problem of the kind {code}.", "Ask the data steward what to do."),
    # the file
    "FILE_EMPTY": ("The file is empty (0 bytes).", "Export it again and check that it has content."),
    "FILE_TOO_LARGE": (
        "The file has {size_mib} MiB; the limit is {limit_mib} MiB.",
        "Split it, by month or by platform for example, and upload the parts.",
    ),
    "BAD_FILE_NAME": ("The file has no usable name.", "Rename the file and upload it again."),
    "TYPE_NOT_ACCEPTED": ("Files ending in .{ending} cannot be read here.", "Accepted are: {accepted}."),
    "PACKED": (
        "The file is packed with {packed}, which is not unpacked here.",
        "Unpack it and upload what is inside, or pack it as .zip.",
    ),
    "TYPE_MISMATCH": (
        "The name ends in .{ending}, but the content is {content}.",
        "Rename the file to match its content, or save it in the format that its name says.",
    ),
    "OLD_XLS": ("This is a workbook of the old Excel format (.xls).", SAVE_XLSX),
    "MACROS": ("The workbook contains macros.", "Save it as .xlsx without macros and upload that file."),
    "ENCRYPTED": (
        "The workbook is protected by a password.",
        "Remove the password and upload the file again.",
    ),
    "NOT_XLSX": ("This is not an Excel workbook, or it is damaged.", SAVE_XLSX),
    "HTML_TABLE": ("This is a web page that was saved under the name of an Excel file.", SAVE_XLSX),
    "ZIP_BROKEN": (
        {"part": "The packed file is damaged (in {part}).", "": "The packed file is damaged."},
        "Download or export it again; if it is a workbook, open it in Excel and save it again.",
    ),
    "ZIP_CONTENT": (
        "The zip file holds something other than csv files: {value}.",
        "Pack only .csv, .tsv or .txt files, without folders inside folders of zip files.",
    ),
    "UNPACKED_TOO_LARGE": (
        "The file would take {size_mib} MiB unpacked; the limit is {limit_mib} MiB.",
        "Remove unused sheets, formats and empty rows, or split the file.",
    ),
    "TOO_MANY_PARTS": (
        "The package has {parts} parts; the limit is {limit}.",
        "Copy the data to a new workbook and save that.",
    ),
    "TOO_MANY_CELLS": ("The workbook has more than {limit} cells.", "Split the file by month or platform."),
    "CELL_OUT_OF_RANGE": (
        "Cell {value} lies outside {columns} columns × {rows} rows.",
        "Delete the stray cell, or copy the table to a new workbook.",
    ),
    "XML_DTD": (
        "A part of the workbook ({part}) contains a DOCTYPE, which is not allowed.",
        "Copy the data to a new workbook in Excel and save that.",
    ),
    "XML_BROKEN": ("A part of the workbook ({part}) cannot be read.", SAVE_XLSX),
    "EMBEDDED_IGNORED": (
        "The workbook contains embedded files; they were not opened.",
        "Nothing to do if the table itself is complete.",
    ),
    "EXTERNAL_LINK": (
        "The workbook links to other workbooks; the values that were saved last are used.",
        "Check that the linked values were up to date when you saved the file.",
    ),
    "READER_FAILED": ("The workbook could not be read; the reader stopped.", SAVE_XLSX),
    "READER_TIMEOUT": (
        "Reading the workbook took longer than {limit} seconds.",
        "Split the file, or export it as CSV.",
    ),
    "SHEET_MISSING": ("The workbook has no sheet called “{value}”.", "Sheets in the file: {sheets}."),
    "OTHER_SHEETS_IGNORED": (
        "Only the sheet “{sheet}” was read. Other sheets with the same columns: {count}.",
        "Upload the other sheets one by one if they belong to this report.",
    ),
    # encoding
    "ENCODING_GB18030": (
        "The file is not UTF-8; it was read as Chinese text (GB18030). It begins: {preview}",
        "Check that the text looks right. Saving as “CSV UTF-8” avoids the question.",
    ),
    "ENCODING_GUESSED": (
        "The file is not UTF-8; it was read as {encoding}. It begins: {preview}",
        "Check that the text looks right, or choose another encoding.",
    ),
    "ENCODING_UNKNOWN": (
        "It cannot be told in which encoding the file is written. It could be {previews}",
        "Choose the encoding in which the text looks right, or save the file as “CSV UTF-8”.",
    ),
    "ENCODING_MIXED": (
        "The file mixes two encodings: another one begins at row {row} (byte {byte}).",
        "The parts were probably joined from different programs. Save each as “CSV UTF-8” and join them again.",
    ),
    "ENCODING_INVALID": (
        {
            "row": "Row {row} contains bytes that are no valid character (byte {byte}).",
            "": "The file contains bytes that are no valid character (byte {byte}).",
        },
        "Export the file again as “CSV UTF-8”.",
    ),
    "NUL_BYTE": (
        "Row {row}, column {column} contains a NUL byte.",
        "The file is damaged, or it is not a text file. Export it again.",
    ),
    # shape
    "QUOTE_OPEN": (
        "A quotation mark that opens in row {row}, column {column} is never closed.",
        "Close it or remove it; everything behind it would be read as one cell.",
    ),
    "QUOTE_BROKEN": (
        "The quoted cell that begins in row {row}, column {column} goes on after its closing quotation mark.",
        'Write a quotation mark inside a quoted cell twice (""), or remove it.',
    ),
    "ROW_LENGTH": (
        "Row {row} has {values} values; the header has {headers}.",
        "A separator is missing or too many in this row; cells that contain a separator have to be quoted. "
        "Its cells are checked as far as it is clear which column they belong to, the rest once the row is whole.",
    ),
    "ROW_TOO_LONG": (
        "A row of the file is too long to be read.",
        "Check for a quotation mark that is not closed.",
    ),
    "TOO_MANY_ROWS": ("The table has more than {limit} rows.", "Split it by month or platform."),
    "TOO_MANY_COLUMNS": ("The table has {columns} columns; the limit is {limit}.", "Remove unused columns."),
    "HEADER_MISSING": (
        {
            "nearest": "No header row was found; the data seem to begin at once. The nearest template is {nearest}.",
            "": "No header row was found; the data seem to begin at once.",
        },
        "Put the column names into the first row. Expected are: {expected}.",
    ),
    "HEADER_UNKNOWN": (
        "The column “{value}” is not known.",
        {
            "near": "Did you mean “{near}”? Rename the column or remove it.",
            "": "Rename the column or remove it.",
        },
    ),
    "HEADER_REQUIRED": (
        "Columns are missing: {names}.",
        "Add these columns with their names in the header row.",
    ),
    "HEADER_DUPLICATE": (
        "The column “{value}” stands twice, in columns {first} and {column}.",
        "Keep one of the two.",
    ),
    "HEADER_VARIANT": (
        "The column “{value}” was read as “{meant}”.",
        "Nothing to do if that is what it holds.",
    ),
    "SUM_TOO_LARGE": (
        "The figures add up to more than can be stored exactly.",
        "Look for a number with too many digits, or split the file.",
    ),
    "NO_ROWS": ("The table has no rows of data.", "Fill in at least one row below the header."),
    "TOTAL_ROW": ("Row {row} is a total row (“{value}”) and was left out.", "Nothing to do."),
    "TOTAL_DIFFERS": (
        "The total row gives {stated} for “{header}”; the rows add up to {sum}.",
        "Check whether rows are missing, or whether the total is out of date.",
    ),
    "TOTALS_DIFFER": (
        "The total rows give {stated} together for “{header}”; the rows add up to {sum}.",
        "Check whether rows are missing, or whether a total is out of date.",
    ),
    "KEY_DUPLICATE": (
        "Row {row} repeats the key of row {first}.",
        "Each combination may stand once. Add the two rows up, or remove one.",
    ),
    "RULE_BROKEN": ("Row {row}: {rule}", "Correct the values of this row."),
    # cells
    "REQUIRED": ("The cell is empty.", "Fill it in; write 0 where the value is zero."),
    "VALUE_MISSING": ("“{value}” was read as a missing value.", "Leave the cell empty, or write the number."),
    "CELL_TOO_LONG": ("The cell has {chars} characters; the limit is {limit}.", "Shorten the text."),
    "TEXT_TOO_LONG": ("The text has {chars} characters; the limit is {limit}.", "Shorten the text."),
    "CHAR_FORBIDDEN": (
        "The cell contains the character {char}, which is not allowed here.",
        "Type the text again instead of pasting it.",
    ),
    "ZERO_WIDTH_REMOVED": ("Invisible characters were removed from the cell.", "Nothing to do."),
    "ID_PRECISION_LOST": (
        "This number was rounded by the spreadsheet; its last digits are lost.",
        "Format the column as text, paste the original values again, and upload the file.",
    ),
    "ID_LOOKS_LIKE_DATE": (
        "The spreadsheet turned this code into a date.",
        "Format the column as text, enter the code again, and upload the file.",
    ),
    "VALUE_UNKNOWN": (
        {"lookalike": "“{value}” only looks like {nearest}.", "": "“{value}” is not known."},
        NEAREST,
    ),
    "NUMBER_FORMAT": (
        "“{value}” is not a number.",
        "Write digits and one decimal mark, for example 1234.56.",
    ),
    "NUMBER_UNIT": (
        "“{value}” carries a unit or a sign that is not expected here.",
        "Write the bare number; the currency has its own column.",
    ),
    "NUMBER_AMBIGUOUS": (
        "“{value}” can mean two things: a thousand or a decimal.",
        "Choose the decimal mark of the file, or write the number without separators of thousands.",
    ),
    "NUMBER_PRECISION": (
        "“{value}” has too many digits: at most {digits} before and {decimals} after the decimal mark.",
        "Round the number in the source, or check that it is in the right column.",
    ),
    "NUMBER_FULLWIDTH": (
        "“{value}” is written in full-width digits and was read as a number.",
        "Nothing to do.",
    ),
    "OUT_OF_RANGE": (
        {
            "percent": "{value} is outside the allowed range; did you mean {value} %?",
            "minimum maximum": "{value} is outside the allowed range ({minimum} to {maximum}).",
            "minimum": "{value} is too small; the least that is allowed is {minimum}.",
            "maximum": "{value} is too large; the most that is allowed is {maximum}.",
            "": "{value} is outside the allowed range.",
        },
        "Check the sign and the unit of the value.",
    ),
    "EXCEL_ERROR": (
        "The cell holds the spreadsheet error {value}.",
        "Correct the formula and save the file again.",
    ),
    "FORMULA_NO_VALUE": (
        "The cell holds a formula without a saved result.",
        "Open the file in Excel, save it again, and upload it.",
    ),
    "DATE_INVALID": ("“{value}” is not a date that can be used here.", "Write dates as 2026-03-31."),
    "DATE_AMBIGUOUS": (
        "“{value}” can be read with the day or the month first.",
        "Write dates as 2026-03-31, or choose the order for this file.",
    ),
    "PERIOD_MISMATCH": (
        "{value} is not in the period that is handed in ({first} up to, not including, {end}).",
        "Choose the right period, or remove the rows of other periods.",
    ),
    # several tables of one hand-in
    "PART_MISSING": (
        "A part is missing: {title}.",
        "Hand it in together with the other files. Its columns: {names}.",
    ),
    "TABLE_UNKNOWN": (
        "“{value}” is none of the parts of this hand-in.",
        "Leave it out, or check its headers. The parts are: {title}.",
    ),
    "LOOKUP_DUPLICATE": (
        "“{value}” in column {column} ({header}) stands in row {first} already; one row per value is expected.",
        "Keep one of the two rows.",
    ),
    "LOOKUP_MISSING": (
        "“{value}” in column {column} ({header}) is not in the table “{title}”.",
        "Export both tables at the same moment, or correct the value.",
    ),
    "LOOKUP_MISSING_NOTED": (
        "“{value}” in column {column} ({header}) is not in the table “{title}”; the row counts without it.",
        "Add it to that table if it matters.",
    ),
    "LOOKUP_UNUSED": (
        "No row asks for “{value}” in column {column} ({header}).",
        "Check that both tables belong to the same period.",
    ),
    "LOOKUP_TOO_LARGE": (
        "A table that others are joined to has more than {limit} rows.",
        "Split the hand-in by month.",
    ),
    "TEXT_IN_NUMBER": (
        "A text stands in the number column {header} (column {column}): “{value}”. It is not known, and not zero.",
        "Nothing to do if the figure is really not known.",
    ),
    "TEXT_IN_DATE": (
        "A text stands in the date column {header} (column {column}): “{value}”. The date counts as not known.",
        "Nothing to do if the date is really not known.",
    ),
}
