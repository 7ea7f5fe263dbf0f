"""Work orders of the 12345 hotline as spreadsheets: read, judged row by row, and written (domain §4.2)."""
