"""What a redemption code looks like, and the list that hands codes to a partner."""
