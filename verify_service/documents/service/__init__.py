"""From the register to files: drawing, the print gate, and a class in a ZIP."""
