"""Tables people hand in: a spreadsheet's bytes read within limits, its columns found, its rows checked and reported."""
