"""Pure rules on sittings: what a results file may say, and what may be added to what stands."""
