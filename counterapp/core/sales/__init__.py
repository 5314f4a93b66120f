"""The till's sales export: its columns, its file, its receipts, and how they are stored."""
