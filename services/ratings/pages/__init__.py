"""What voters see: slips (`view.slips` as a page, `slips` as a `pdf` in a `face` of the machine), the page that a
slip's code opens (`view.ballot`), and the `door` to it with its `limits`."""
