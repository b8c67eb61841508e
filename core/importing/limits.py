"""The bounds every file is read within, in one place."""

KIB = 1024
MIB = 1024 * KIB

#: Characters in one cell. Equals the csv module's own default, so no global is changed.
CELL_CHARS = 131_072
#: Columns of a table.
COLUMNS = 500
#: Bytes (characters for UTF-16) of one record, all its quoted lines together.
RECORD_BYTES = 4 * MIB
#: Bytes read to guess kind, encoding, delimiter and header.
SAMPLE_BYTES = 256 * KIB
#: Records looked at to guess the delimiter and find the header.
SAMPLE_RECORDS = 200
#: Lines before the header that may be titles or blank.
TITLE_LINES = 20

#: A worksheet's own bound in the XLSX format.
XLSX_ROWS = 1_048_576
#: Cells of a worksheet's used rectangle: each takes about 90 bytes while it is open.
XLSX_CELLS = 2_000_000
#: Uncompressed bytes of all parts of a workbook, pictures too.
XLSX_TOTAL_BYTES = 400 * MIB
#: Uncompressed bytes of one XML part; beyond this, CSV is the way.
XLSX_PART_BYTES = 120 * MIB
#: Uncompressed to compressed bytes of a part over four MiB. Real sheets stay under 60.
XLSX_RATIO = 200
XLSX_ENTRIES = 2_000

#: One line of a vCard; longer lines (photos) are cut, never kept.
VCARD_LINE_CHARS = MIB
#: Values of one kind (e-mails, phones, …) that get columns of their own.
VCARD_VALUES = 20
#: Characters of one card without its pictures.
VCARD_CHARS = 2 * MIB
