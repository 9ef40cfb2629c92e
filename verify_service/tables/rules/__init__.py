"""From bytes to rows with findings: `files` reads, `headers` finds the columns, `findings` and `reports` say what is
wrong.
"""
