"""Reading classes for the registrar's pages."""
