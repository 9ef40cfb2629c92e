"""Use cases on drafts: received, examined, put right, handed on, imported, ended."""
