"""Nonsense for every RPC: what it answers is never a fault of ours, and it goes on serving."""
