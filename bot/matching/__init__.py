"""Who should meet whom: scores, pairs, groups and mentors, worked out beside the bot, never in it.

Features import `model`, `reasons` and `worker`; only the child process loads the solver.
"""
