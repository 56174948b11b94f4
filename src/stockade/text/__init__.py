"""Text and where things stand in it: documents, spans, nodes, comments, edits, snippets.

The lowest layer. It knows nothing of AWS, of templates or of findings; everything above says *where* by a `Span` made
here.
"""
