"""Reading files for import: detection, streaming tables, values, mapping.

Pure Python: nothing here knows a model, a request or a database. A caller opens
a file with :func:`core.importing.readers.open_table`, suggests a mapping with
:mod:`core.importing.mapping`, and parses cells with :mod:`core.importing.values`.
Memory stays flat whatever the size of a CSV or vCard file.
"""
