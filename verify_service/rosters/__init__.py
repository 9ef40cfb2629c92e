"""Rosters (学员信息登记表): the trainees a partner hands in, checked row by row and enrolled."""
