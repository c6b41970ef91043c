"""An independent judge of try-on engines.

It knows two pictures that went in and the one that came out. Where the person stands and what the
garment is it finds out itself, through the model files and in its own way; no mask of an engine's
reaches it.
"""
