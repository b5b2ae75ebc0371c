"""What programs and the web app ask, change and order: the HTTP interface."""
