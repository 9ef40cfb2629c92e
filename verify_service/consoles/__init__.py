"""The consoles as an application: whom a route is open to, what every page stands on, and the process they run in."""
