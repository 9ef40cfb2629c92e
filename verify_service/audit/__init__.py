"""The trail: who changed what, on whose approval. Added to, never edited."""
