"""From bytes to rows with findings, and back to a workbook that shows them.

`files` reads any kind of table, `sheet_choice` finds the rows below a heading, `findings` and `reports` say what is
wrong, `annotation` marks it.
"""
