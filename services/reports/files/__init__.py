"""The duty files (履职档案) of deputies and groups, read from the ledger."""
