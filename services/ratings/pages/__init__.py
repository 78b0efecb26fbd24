"""Public pages for voters: printed slips (`view.slips` as HTML, `slips` as PDF), the ballot that a code opens
(`view.ballot`), their `routes` and rate `limits`."""
