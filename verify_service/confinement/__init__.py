"""Files from outside are parsed in a process of their own, which holds no key, no connection and little memory.

A parser that is taken over, or that a file of 100 KB drives to gigabytes, takes nothing with it: `parent` starts the
process, `child` is what runs in it, `protocol` is what the two say to each other.
"""
