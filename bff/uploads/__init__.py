"""Files that come in: CSV and spreadsheets as batches of rows, and their way to the database (design §7).

Whatever is wrong with a file as a whole is a `Refused`, and nothing of the file is kept; whatever is wrong
with a row or a cell is an error of that row.
"""
