"""What staff see first: how the work goes by week, and what somebody has to look at."""
