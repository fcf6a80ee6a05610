"""Where data is fetched from: a watched folder, a query, an address; each gives files that go in like uploads."""
