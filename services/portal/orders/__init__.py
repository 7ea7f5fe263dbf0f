"""Work orders as files: what a place has, in the layout of the 12345 hotline."""
