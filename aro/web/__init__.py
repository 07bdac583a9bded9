"""The web server: one thread reads and writes all connections, a few others answer what has been read whole.

Whoever sends slowly, reads slowly or not at all costs a few kilobytes until a deadline, and never a thread (ADR 0010).
"""
