"""Use cases on jobs: set going and steered by staff, worked on by a process of its own."""
