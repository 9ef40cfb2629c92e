"""SQL on jobs: what stands of them, and what is still to be done."""
