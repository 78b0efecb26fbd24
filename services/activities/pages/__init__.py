"""Public pages for voters: the printed poster (`view.poster`), the form its code opens (`view.form`), and `routes`."""
