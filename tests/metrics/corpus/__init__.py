"""Every bad input B001–B094 by every door: form, command and HTTP API, on the database of the run.

`table.LINES` is the corpus; `test_corpus.py` runs it; `python -m tests.corpus_report` runs it on both databases and
prints what came of each line.
"""
