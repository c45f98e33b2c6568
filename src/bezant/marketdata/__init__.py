"""Market data: the catalogue of assets and markets, live books, tickers."""
