"""The signer: the only one that holds private keys. It signs what was recorded and approved, and judges that itself."""
