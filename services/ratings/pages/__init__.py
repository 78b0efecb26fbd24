"""What voters see: slips (`view.slips`), the page a slip's code opens (`view.ballot`), and the door to it (`door`)."""
