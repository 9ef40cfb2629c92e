"""The PostgreSQL server that comes with the installation, for one machine and for tests."""
