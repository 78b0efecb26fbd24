"""What voters see: the poster on the wall (`view.poster`), the page its code opens (`view.form`), the door (`door`)."""
