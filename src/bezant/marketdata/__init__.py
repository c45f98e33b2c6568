"""What the world may know of markets: the catalogue, books, tickers. Not for private data."""
