"""Names, archives and pixels of photos; file names are data here, nothing is ever written under one."""
