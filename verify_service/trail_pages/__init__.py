"""The pages of the trail: apart from `trail`, which the signer stands on, and on which the consoles stand."""
