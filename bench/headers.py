"""What the measuring side and the server agree on."""

#: Asks for the number of queries of a page, and answers it.
ASK, ANSWER = "X-Bench-Count", "X-Bench-Queries"
FLOOR = "/bench/floor/"
