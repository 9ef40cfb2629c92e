"""Classes (班次): opened and planned, how large each may be, and how far each has come."""
