"""From what people have (files, later accounts and packages) to records of the model.

Each format has a folder of its own.
"""
