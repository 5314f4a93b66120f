"""The store's own desk for IT and those in charge: staff accounts, receipts in, whether the journal is whole."""
