"""What the roster takes and gives over HTTP. Required is only what identifies a record and dates it."""
