"""Rules about what a function is made of: its runtime, its layers, its image, and who vouches for its code."""
