"""Redemption codes (兑换码): made at enrolment, handed to the partner once, replaced where lost, redeemed once."""
