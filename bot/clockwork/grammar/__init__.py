"""The words in a phrase about time: each found where it stands, none left over.

A phrase is read from its left end. Every piece says one thing (a day, a time of day, a rhythm, a
place's clock) and is said once; a word that belongs to no piece means that this is no time at all.
"""
