"""SQL on credentials, one module for each stage of their life."""
