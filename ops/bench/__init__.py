"""Benchmarks: each figure beside a baseline measured in the same run, because machines are shared and noisy."""
