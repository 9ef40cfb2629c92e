"""Pure rules on people's data: every parser is total, and refuses with FieldError alone."""
